// The built `train` and `apply` with tables.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { random } from '../../../src/tape/random.ts';
import { tagged } from '../../data/columns/tagged.ts';
import { temporaryFolder } from '../../temporaryFolder.ts';
import { cli, unroll } from '../unroll.ts';

const folder = temporaryFolder('apply');
const model = join(folder, 'model');
const text = join(folder, 'text');

function write(name: string, contents: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, contents);
  return path;
}

const how = ['--hidden', '12', '--epochs', '12', '--threads', '1'];

/** Words by whether they have an x, some of them without saying so. */
function words(rows: number, seed: number, empty = 0): string[] {
  const next = random(seed);
  return Array.from({ length: rows }, (_, row) => {
    const letters = Array.from({ length: 1 + Math.floor(next() * 12) }, () => 'abcd'[Math.floor(next() * 4)]);
    const has = next() < 0.5;
    if (has) letters[Math.floor(next() * letters.length)] = 'x';
    return `${letters.join('')},${row < empty ? '' : has ? 'with' : 'without'}`;
  });
}

const table = () => write('words.csv', ['word,label', ...words(500, 1, 7)].join('\n'));

beforeAll(() => {
  const { stdout, status } = unroll('train', table(), '--task', 'acceptor', ...how, '--out', model, '--json');
  expect(status).toBe(0);
  const json = JSON.parse(stdout);
  expect(json).toMatchObject({
    task: 'acceptor',
    metric: { name: 'accuracy', unit: '', lowerIsBetter: false },
    baselines: [{ name: 'commonest class' }],
    rows: { skipped: 0, empty: 7 },
    end: 'budget',
  });
  expect(json.metric.value).toBeGreaterThan(0.9);
  expect(json.metrics.accuracy).toBe(json.metric.value);
  expect(json.metrics['macro F1']).toBeGreaterThan(0.9);
  expect(json.rows.train + json.rows.heldOut).toBe(493);
  expect(json.seconds).toBeGreaterThan(0);
  expect(json.tokensPerSecond).toBeGreaterThan(0);
});

test('a table that comes through a pipe is read once', () => {
  const asked = write('piped.csv', 'word,label\naxb,\n');
  const command = `cat '${asked}' | '${process.execPath}' '${cli}' apply '${model}' /dev/stdin`;
  const { stdout, status } = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
  expect([stdout, status]).toEqual(['word,label\naxb,with\n', 0]);
});

test('a column is filled in where it is empty, and nothing else changes', () => {
  const lines = words(60, 2);
  const empty = lines.map((line, row) => (row % 3 === 0 ? line : line.replace(/,.*/, ',')));
  const asked = write('asked.csv', `\uFEFFword,label\r\n${empty.join('\r\n')}\r\n"",\r\n`);
  const out = join(folder, 'answer.csv');
  const { stderr, status } = unroll('apply', model, asked, '--out', out);
  expect(status).toBe(0);
  expect(stderr).toContain('Filled in: 40 rows of `label`.');
  expect(stderr).toContain('Line 62: Its `word` is empty.');
  const answer = readFileSync(out, 'utf8').split('\r\n');
  expect(answer).toHaveLength(63);
  expect([answer[0], answer[61], answer[62]]).toEqual(['\uFEFFword,label', '"",', '']);
  const given = answer.slice(1, 61);
  expect(given.map((line) => line.split(',')[0])).toEqual(lines.map((line) => line.split(',')[0]));
  expect(given.filter((line, row) => line === lines[row]).length).toBeGreaterThan(54);
  expect(unroll('apply', model, asked).stdout).toBe(readFileSync(out, 'utf8'));
});

test('another format than that of the training is filled in, too', () => {
  const asked = write('asked.jsonl', '{"word":"abxc"}\n{"word":"ab","label":"mine"}\n');
  expect(unroll('apply', model, asked).stdout).toBe(
    '{"word":"abxc","label":"with"}\n{"word":"ab","label":"mine"}\n',
  );
});

test('labels of JSON Lines that are numbers stay numbers, also where no row has one yet', () => {
  const lines = words(300, 3).map((row) => {
    const [word, label] = row.split(',');
    return JSON.stringify({ word, label: label === 'with' ? 1 : 0 });
  });
  const [rows, bare] = [write('numbers.jsonl', lines.join('\n')), join(folder, 'bare')];
  expect(unroll('train', rows, '--task', 'acceptor', ...how, '--out', bare).status).toBe(0);
  const filled = (asked: string) => unroll('apply', bare, write('bare.jsonl', asked)).stdout;
  expect(filled('{"word":"axxb"}\n{"word":"ab","label":null}\n')).toBe(
    '{"word":"axxb","label":1}\n{"word":"ab","label":0}\n',
  );
  expect(filled('{"word":"axxb"}\n{"word":"ab","label":"0"}\n')).toBe(
    '{"word":"axxb","label":"1"}\n{"word":"ab","label":"0"}\n',
  );
});

test('a `.rnn` file with a task makes a table of a file', () => {
  const file = write('task.rnn', 'model\n  layers = GRU 8\n\ntask\n  reads = word\n  writes = label\n');
  const { stdout } = unroll('train', table(), '--cell', file, '--epochs', '1', '--threads', '1', '--json');
  expect(JSON.parse(stdout).task).toBe('acceptor');
});

test('a table without any of that is a text, as before', () => {
  const { stdout } = unroll(
    'train',
    table(),
    ...how,
    '--layers',
    '1',
    '--epochs',
    '1',
    '--out',
    text,
    '--json',
  );
  expect(JSON.parse(stdout)).toMatchObject({ task: 'language model' });
});

test('rows may be held out in a file of their own', () => {
  const apart = write('apart.csv', ['word,label', ...words(80, 5)].join('\n'));
  const args = ['--held-out', apart, ...how, '--epochs', '1', '--json'];
  expect(JSON.parse(unroll('train', table(), ...args).stdout).rows).toMatchObject({
    train: 493,
    heldOut: 80,
  });
});

describe('what cannot be done is said in a sentence', () => {
  const rows = (label: string) => Array.from({ length: 30 }, (_, row) => `w${row},${label}`).join('\n');
  const acceptor = ['--task', 'acceptor'];
  test.each<[string, string, string[], string]>([
    [
      'a header without rows',
      'word,label\n',
      [...acceptor, '--writes', 'label'],
      'There are too few rows to learn from: 20 with a label are needed, and this table has 0.',
    ],
    ['one class', `word,label\n${rows('a')}`, ['--writes', 'label'], 'two different labels are needed'],
    [
      'duplicate columns',
      `word,label,label\n${rows('a,b')}`,
      ['--writes', 'label'],
      'The table has 2 columns `label`: give each a name of its own.',
    ],
    [
      'a quotation mark that is never closed',
      `word,label\n"${rows('a')}`,
      ['--writes', 'label'],
      'A quotation mark is opened and never closed',
    ],
    [
      'another task',
      'word,label\n',
      ['--task', 'translator'],
      '--task is one of language model, acceptor, regressor, transducer, encoder-decoder, forecaster, not "translator".',
    ],
    [
      'columns of a language model',
      'word,label\n',
      ['--task', 'language model', '--reads', 'word'],
      '--reads, --writes and --held-out belong to the tasks of tables and of tagged texts.',
    ],
    ['no table', 'Once upon a time.', acceptor, 'This is no table'],
  ])('%s', (_, contents, args, sentence) => {
    const { stderr, status } = unroll('train', write('wrong.csv', contents), ...args, '--epochs', '1');
    expect(status).toBe(1);
    expect(stderr).toContain(sentence);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test.each<[string, string | Uint8Array, string]>([
    [
      'a table without the column that is read',
      'text,label\na,\n',
      'The table has no column `word`: its columns are `text`, `label`.',
    ],
    [
      'a table without the column that is filled in',
      'word,n\na,1\n',
      'The table has no column `label` to fill in: add one',
    ],
    ['no table', 'Once upon a time.\n', 'is no table'],
    ['another encoding', Uint8Array.from([0x61, 0xe9, 0x2c, 0x62]), 'is not UTF-8'],
  ])('a model applied to %s', (_, contents, sentence) => {
    const { stderr, status } = unroll('apply', model, write('wrong.csv', contents));
    expect(status).toBe(1);
    expect(stderr).toContain(sentence);
  });

  test.each<[string, string, string]>([
    ['in no folder', 'nowhere/answer.csv', 'There is no folder PLACE/nowhere: make it, or name another file'],
    ['below a file', 'words.csv/answer.csv', 'There is no folder PLACE/words.csv: make it, or name another'],
    [
      'a folder',
      'model',
      'PLACE/model is a folder: name a file behind --out, such as PLACE/model/filled-in.csv.',
    ],
  ])('a file to write that is %s, before a model is read', (_, out, sentence) => {
    const { stdout, stderr, status } = unroll('apply', model, table(), '--out', join(folder, out));
    expect([stdout, status]).toEqual(['', 1]);
    expect(stderr).toContain(sentence.replaceAll('PLACE', folder));
  });

  test.each(['onnx', 'pytorch'])('a folder for %s whose path is one of a file', (format) => {
    const out = join(table(), 'exported');
    const { stderr, status } = unroll('export', model, '--format', format, '--out', out);
    expect([stderr, status]).toEqual([
      `unroll: ${out} cannot be written: a part of the path is a file. Take another path.\n`,
      1,
    ]);
  });

  test('a folder for an imported model whose path is one of a file', () => {
    const out = join(table(), 'imported');
    expect(unroll('import', model, '--out', out).stderr).toBe(
      `unroll: ${out} cannot be written: a part of the path is a file. Take another path.\n`,
    );
  });

  test('a language model names no classes, and an acceptor writes no text', () => {
    expect(unroll('apply', text, table()).stderr).toContain('This model is a language model');
    expect(unroll('sample', model).stderr).toContain('This model is an acceptor');
    expect(unroll('evaluate', text, '--model', model).stderr).toContain(
      'This model is an acceptor, which suggests nothing at the end of a text. Name a language model',
    );
  });
});

test('a row of 100,000 characters is read in its beginning, and mixed line ends are line ends', () => {
  const long = `${'ab'.repeat(50_000)},without`;
  const mixed = write('mixed.csv', `word,label\r\n${words(100, 3).join('\n')}\r${long}\r\n`);
  const { stderr, status } = unroll('train', mixed, '--writes', 'label', ...how, '--epochs', '1');
  expect(status).toBe(0);
  expect(stderr).toContain('1 row is long: the first 400 tokens of a row are read.');
});

describe('tags of tokens', () => {
  const tagger = join(folder, 'tagger');
  const untagged = (source: string) => source.replaceAll(/\t[DNV]$/gm, '');

  beforeAll(() => {
    const file = write('tagged.conll', `${tagged(300, 1)}\nthe\ndog\n`);
    const network = ['--hidden', '12', '--epochs', '12', '--threads', '1'];
    const { stdout, status } = unroll(
      ...['train', file, '--task', 'transducer', ...network, '--out', tagger, '--json'],
    );
    expect(status).toBe(0);
    const json = JSON.parse(stdout);
    expect(json).toMatchObject({
      task: 'transducer',
      metric: { name: 'accuracy' },
      baselines: [{ name: 'commonest tag by word' }],
      rows: { skipped: 0, empty: 1 },
    });
    expect(json.metric.value).toBeGreaterThan(0.95);
    expect(json.metric.value).toBeGreaterThan(json.baselines[0].value);
    expect(Object.keys(json.metrics)).toEqual(['accuracy', 'sentence accuracy', 'macro F1']);
  });

  test('are filled in where they are missing, and nothing else changes', () => {
    const whole = tagged(20, 2);
    const asked = write('asked.conll', untagged(whole));
    const { stdout, stderr, status } = unroll('apply', tagger, asked);
    expect(status).toBe(0);
    expect(stderr).toMatch(/^Filled in: \d+ tags\.\n$/);
    const lines = stdout.split('\n');
    expect(lines.map((line) => line.split('\t')[0])).toEqual(untagged(whole).split('\n'));
    const right = lines.filter((line, index) => line === whole.split('\n')[index]);
    expect(right.length).toBeGreaterThan(0.95 * lines.length);
  });

  test('are filled in in another format, and what does not fit is said', () => {
    const asked = write('asked.pos', 'the/D dog/MINE\r\nthe walk\r\n/N sees/V\r\n');
    const { stdout, stderr } = unroll('apply', tagger, asked);
    expect(stdout).toBe('the/D dog/MINE\r\nthe/D walk/N\r\n/N sees/V\r\n');
    expect(stderr).toContain('Left as they are, since they do not fit: 1 sentence.');
    expect(stderr).toContain('Line 3: `/N` is a tag without a token.');
  });

  test('are not sampled', () => {
    expect(unroll('sample', tagger).stderr).toContain('This model is a transducer, which writes no text.');
  });
});
