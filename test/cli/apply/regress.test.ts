// The built `train` and `apply` with a table whose rows have a number to predict.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { random } from '../../../src/tape/random.ts';
import { temporaryFolder } from '../../temporaryFolder.ts';
import { unroll } from '../unroll.ts';

const folder = temporaryFolder('regress');
const model = join(folder, 'model');

function write(name: string, contents: string): string {
  const path = join(folder, name);
  writeFileSync(path, contents);
  return path;
}

/** Reviews with a star for each `good`. */
function reviews(rows: number, seed: number): { text: string; stars: number }[] {
  const next = random(seed);
  return Array.from({ length: rows }, () => {
    const words = Array.from({ length: 4 }, () => ['good', 'bad', 'so'][Math.floor(next() * 3)]);
    return { text: words.join(' '), stars: 1 + words.filter((word) => word === 'good').length };
  });
}

const table = () =>
  write(
    'reviews.csv',
    ['text,stars', ...reviews(500, 1).map(({ text, stars }) => `${text},${stars}`)].join('\n'),
  );

beforeAll(() => {
  const how = ['--hidden', '16', '--epochs', '30', '--threads', '1', '--out', model, '--json'];
  const { stdout, status } = unroll('train', table(), '--task', 'regressor', ...how);
  expect(status).toBe(0);
  const json = JSON.parse(stdout);
  expect(json).toMatchObject({
    task: 'regressor',
    metric: { name: 'RMSE', unit: '', lowerIsBetter: true },
    lossUnit: 'bits per number',
    baselines: [{ name: 'mean' }, { name: 'linear regression' }],
    rows: { skipped: 0, empty: 0 },
  });
  expect(json.metrics['coverage of 80 % intervals']).toBeGreaterThan(0.4);
  expect(json.metric.value).toBeLessThan(0.5 * json.baselines[0].value);
});

test('empty cells are filled in, and nothing else changes', () => {
  const rows = reviews(40, 2);
  const asked = write(
    'asked.csv',
    ['text,stars', ...rows.map(({ text, stars }, row) => `${text},${row % 2 ? stars : ''}`), ',', ''].join(
      '\r\n',
    ),
  );
  const { stdout, stderr, status } = unroll('apply', model, asked);
  expect(status).toBe(0);
  expect(stderr).toBe(
    'Filled in: 20 rows of `stars`. Left as they are, since they do not fit: 1 row. Line 42: Its `text` is empty.\n',
  );
  const answer = stdout.split('\r\n').slice(1, 41);
  const right = answer.filter((line, row) => line === `${rows[row].text},${rows[row].stars}`);
  expect(right.length).toBeGreaterThan(34);
});

test('JSON gets numbers', () => {
  const asked = write(
    'asked.jsonl',
    '{"text": "good good good good"}\n{"text": "bad bad bad bad", "stars": null}\n',
  );
  const stars = unroll('apply', model, asked)
    .stdout.trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).stars);
  expect(stars).toEqual([5, 1]);
});

test('what cannot be done is said in a sentence', () => {
  const words = write('words.csv', 'name,place\na,b\nc,d\n');
  const train = (...more: string[]) => unroll('train', words, '--task', 'regressor', ...more).stderr;
  expect(train()).toContain('No column holds numbers to predict: name the one to fill in.');
  const prices = write('prices.csv', 'place,price\nnorth,$5\nsouth,$7\n');
  expect(unroll('train', prices, '--task', 'regressor').stderr).toContain(
    'The column `price` is left out, since its cells are no plain numbers, such as `$5`: leave out units, and signs between thousands.',
  );
  expect(train('--writes', 'place')).toContain('There are too few rows to learn from');
  expect(train('--writes', 'where')).toContain('The table has no column `where`');
  expect(unroll('apply', model, words).stderr).toContain('The table has no column `text`');
  expect(unroll('apply', model, write('prose.txt', 'just words\n')).stderr).toContain('is no table');
  expect(unroll('sample', model).stderr).toContain('This model is a regressor, which writes no text.');
});
