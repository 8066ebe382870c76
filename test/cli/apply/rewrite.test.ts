// The built `train` and `apply` with pairs of texts.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { random } from '../../../src/tape/random.ts';
import { temporaryFolder } from '../../temporaryFolder.ts';
import { unroll } from '../unroll.ts';

const folder = temporaryFolder('rewrite');
const model = join(folder, 'model');

function write(name: string, contents: string): string {
  const path = join(folder, name);
  writeFileSync(path, contents);
  return path;
}

/** Digits as words. */
const words = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
function numbers(rows: number, seed: number): string[] {
  const next = random(seed);
  return Array.from({ length: rows }, () => {
    const [a, b] = [0, 0].map(() => Math.floor(10 * next()));
    return `${words[a]}-${words[b]},${a}${b}`;
  });
}

test('a table of texts is learned from, and its empty targets are filled in, byte for byte', () => {
  const table = write('numbers.csv', ['spelt,digits', ...numbers(400, 1), 'one-two,', ''].join('\n'));
  const how = ['--hidden', '48', '--epochs', '25', '--threads', '1', '--seed', '1'];
  const trained = unroll(
    'train',
    table,
    '--task',
    'encoder-decoder',
    '--writes',
    'digits',
    ...how,
    '--out',
    model,
    '--json',
  );
  expect(trained.status).toBe(0);
  const json = JSON.parse(trained.stdout);
  expect(json).toMatchObject({
    task: 'encoder-decoder',
    metric: { name: 'exact match', unit: '', lowerIsBetter: false },
    baselines: [{ name: 'copying the source', value: 0 }],
    rows: { skipped: 0, empty: 1 },
    lossUnit: 'bits per token',
  });
  expect(json.metrics['exact match']).toBe(json.metric.value);
  expect(json.metric.value).toBeGreaterThan(0.8);
  expect(json.metrics['character error rate']).toBeLessThan(0.2);

  const rows = numbers(50, 2);
  const asked = write(
    'asked.csv',
    `\uFEFFspelt,digits\r\n${rows.map((row) => row.replace(/\d+/, '')).join('\r\n')}\r\n"six-ßeven",\r\nfive,"5"\r\n`,
  );
  const { stdout, stderr, status } = unroll('apply', model, asked);
  expect(status).toBe(0);
  expect(stderr).toContain('Filled in: 51 rows of `digits`.');
  expect(stderr).toContain('Filled in, but to be looked at, as they have characters that are new: 1 row.');
  expect(stderr).toContain('Line 52: The training never saw `ß`.');
  const answer = stdout.split('\r\n');
  expect([answer[0], answer[52]]).toEqual(['\uFEFFspelt,digits', 'five,"5"']);
  expect(answer.slice(1, 51).filter((line, row) => line === rows[row]).length).toBeGreaterThan(40);
  expect(answer[51]).toMatch(/^"six-ßeven",\d+$/);
});

test('targets of JSON Lines that are numbers stay numbers', () => {
  const rows = numbers(400, 1).map((row) => {
    const [spelt, digits] = row.split(',');
    return JSON.stringify({ spelt, digits: Number(`1${digits}`) });
  });
  const [table, bare] = [write('numbers.jsonl', rows.join('\n')), join(folder, 'bare')];
  const how = ['--hidden', '24', '--epochs', '8', '--threads', '1', '--seed', '1', '--out', bare];
  const task = ['--task', 'encoder-decoder', '--reads', 'spelt', '--writes', 'digits'];
  expect(unroll('train', table, ...task, ...how).status).toBe(0);
  const { stdout } = unroll('apply', bare, write('asked.jsonl', '{"spelt":"one-two"}\n'));
  expect(stdout).toMatch(/^\{"spelt":"one-two","digits":1\d+\}\n$/);
});

test('what cannot be rewritten is said in a sentence', () => {
  const rows = ['text,label', ...Array.from({ length: 30 }, (_, row) => `text ${row % 3},${row % 2}`)];
  const classes = write('classes.csv', rows.join('\n'));
  expect(unroll('train', classes, '--task', 'encoder-decoder').stderr).toContain(
    'No column looks like text to write: name the one to fill in. The columns are `text`, `label`, over 30 rows.',
  );
  expect(unroll('apply', model, write('other.csv', 'word,digits\na,\n')).stderr).toContain(
    'The table has no column `spelt`',
  );
  expect(unroll('apply', model, write('lacks.csv', 'spelt,n\none,1\n')).stderr).toContain(
    'The table has no column `digits` to fill in: add one',
  );
  expect(unroll('sample', model).stderr).toContain('Say what is to be rewritten: --prompt TEXT');
});

test('new texts are written for a category, others at each line, and the same from the same seed', () => {
  const next = random(3);
  const letter = (of: string) => of[Math.floor(of.length * next())];
  const rows = Array.from({ length: 240 }, (_, row) => {
    const [kind, consonants, vowels] = row % 2 ? ['hard', 'ktp', 'ai'] : ['soft', 'mnl', 'ou'];
    const syllables = Array.from(
      { length: 2 + Math.floor(2 * next()) },
      () => letter(consonants) + letter(vowels),
    );
    return `${kind},${syllables.join('')}`;
  });
  const table = write('names.csv', ['kind,name', ...rows, 'soft,', 'soft,', 'soft,', ''].join('\n'));
  const names = join(folder, 'names');
  const how = [
    '--task',
    'encoder-decoder',
    '--hidden',
    '32',
    '--epochs',
    '80',
    '--threads',
    '1',
    '--seed',
    '1',
  ];
  const trained = unroll(
    'train',
    table,
    '--reads',
    'kind',
    '--writes',
    'name',
    ...how,
    '--out',
    names,
    '--json',
  );
  expect(JSON.parse(trained.stdout)).toMatchObject({
    task: 'encoder-decoder',
    metric: { unit: 'bits per token' },
  });
  const sample = (...args: string[]) => unroll('sample', names, '--length', '120', ...args);
  const soft = sample('--prompt', 'soft', '--seed', '2');
  const written = soft.stdout.trimEnd().split('\n');
  expect(written.length).toBeGreaterThan(10);
  expect(new Set(written).size).toBeGreaterThan(5);
  expect(written.filter((name) => /^([mnl][ou])+$/.test(name)).length).toBeGreaterThan(0.8 * written.length);
  expect(sample('--prompt', 'soft', '--seed', '2').stdout).toBe(soft.stdout);
  expect(sample('--prompt', 'soft', '--seed', '3').stdout).not.toBe(soft.stdout);
  expect(sample().stderr).toContain(
    'This model writes texts for `hard`, `soft`. It is not said for which one: name one with --prompt.',
  );
  expect(sample('--prompt', 'loud').stderr).toContain('`loud` is none of them');
  const filled = unroll('apply', names, table).stdout.trimEnd().split('\n').slice(-3);
  for (const line of filled) expect(line).toMatch(/^soft,[a-z]+$/);
  expect(new Set(filled).size).toBeGreaterThan(1);
});

test('new texts are written for numbers, and what is no number is said', () => {
  const next = random(5);
  const letter = (of: string) => of[Math.floor(of.length * next())];
  const rows = Array.from({ length: 240 }, () => {
    const size = 10 * next() - 5;
    const [consonants, vowels] = size > 0 ? ['ktp', 'ai'] : ['mnl', 'ou'];
    const syllables = Array.from(
      { length: 2 + Math.floor(2 * next()) },
      () => letter(consonants) + letter(vowels),
    );
    return `${size.toFixed(2)},${syllables.join('')}`;
  });
  const table = write('sizes.csv', ['size,name', ...rows, '4.5,', 'big,', ''].join('\n'));
  const sizes = join(folder, 'sizes');
  const trained = unroll(
    ...['train', table, '--task', 'encoder-decoder', '--hidden', '32', '--epochs', '80', '--threads', '1'],
    ...['--seed', '1', '--out', sizes, '--json'],
  );
  expect(JSON.parse(trained.stdout)).toMatchObject({
    rows: { skipped: 1 },
    metric: { unit: 'bits per token' },
  });
  const sample = (...args: string[]) => unroll('sample', sizes, '--length', '120', '--seed', '2', ...args);
  const written = sample('--prompt', '3.25').stdout.trimEnd().split('\n');
  expect(written.length).toBeGreaterThan(10);
  expect(written.filter((name) => /^([ktp][ai])+$/.test(name)).length).toBeGreaterThan(0.8 * written.length);
  expect(sample().stderr).toContain('This model writes texts for a number, as in the columns');
  expect(sample('--prompt', 'big').stderr).toContain('and `big` is something else: say them with --prompt.');
  const filled = unroll('apply', sizes, table);
  expect(filled.stdout.trimEnd().split('\n').slice(-2)).toEqual([
    expect.stringMatching(/^4\.5,[a-z]+$/),
    'big,',
  ]);
  expect(filled.stderr).toContain('`big` is no number.');
});
