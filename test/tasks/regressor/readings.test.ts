// A document is understood as a table with a number to predict where a column holds numbers.
import { expect, test } from 'vitest';
import { regressorReadings } from '../../../src/tasks/regressor/readings.ts';
import { readingsOf } from '../../../src/worker/readings.ts';

const contentDecides = { reads: null, writes: null };
const readings = (text: string, columns: Parameters<typeof regressorReadings>[2] = contentDecides) =>
  regressorReadings(text, true, columns);

const log = (rows: number, empty = 0) =>
  [
    'line,host,took',
    ...Array.from(
      { length: rows },
      (_, row) => `GET /page/${row} of ${row * 7} bytes,h${row % 2},${row < empty ? '' : (row * 3.7) % 11}`,
    ),
  ].join('\n');

test('a column of numbers beside a text is to be predicted from it', () => {
  expect(readings(log(1204, 312))).toEqual([
    {
      sentence: 'Predict `took` from `line`: 1,204 rows, 312 empty',
      choice: { kind: 'regressor', reads: ['line'], writes: 'took', heldOut: null },
      columns: expect.arrayContaining([{ name: 'took', filled: 892, different: expect.any(Number) }]),
      reads: ['line'],
      writes: 'took',
      obstacle: null,
      misfits: null,
    },
  ]);
});

test('numbered columns are a sequence, in the order of their numbers', () => {
  const rows = Array.from({ length: 30 }, (_, row) => [row % 3, row % 4, row % 5, (row * 7) % 13]);
  const text = ['x10,x2,x1,total', ...rows].join('\n');
  expect(readings(text)[0]).toMatchObject({
    sentence: 'Predict `total` from the sequence `x1` to `x10`: 30 rows, 0 empty',
    reads: ['x1', 'x2', 'x10'],
    writes: 'total',
  });
  expect(readings(text, { reads: null, writes: 'x2' })[0]).toMatchObject({ writes: 'x2' });
});

test('chosen columns are taken, whatever they look like', () => {
  expect(readings(log(40), { reads: ['host', 'line'], writes: 'took' })[0]).toMatchObject({
    sentence: 'Predict `took` from `host`, `line`: 40 rows, 0 empty',
    reads: ['host', 'line'],
  });
  expect(readings(log(40), { reads: ['line'], writes: 'host' })).toEqual([]);
});

test('what hinders a run is said before it', () => {
  expect(readings(log(40, 25))[0].obstacle).toBe(
    '20 rows with a number are needed to learn from, and `took` is filled in on 15: fill in more.',
  );
  const same = log(40)
    .replace(/[^,]*$/gm, '5')
    .replace(/^.*/, 'line,host,took');
  expect(readings(same)[0].obstacle).toBe('All rows have the same `took`: two different numbers are needed.');
  expect(readings(log(40).replace(/,[^,]*$/, ',soon'))[0].misfits).toBe(
    '1 row does not fit, and would be left out. Line 41: Its `took` is no number.',
  );
});

test.each([
  ['prose', 'Dear Sir, the cat sat on the mat.\nIt sat, and sat, and sat.\nYours, Sam\n'],
  ['a table of texts', `a,b\n${'some text,other text\n'.repeat(30)}`],
  [
    'a table of times and texts',
    `id,text\n${Array.from({ length: 30 }, (_, row) => `${row},text`).join('\n')}`,
  ],
  ['nothing', ''],
])('%s has nothing to predict', (_, text) => expect(readings(text)).toEqual([]));

test('a column of few whole numbers may also be classes, which come first', () => {
  const text = `text,stars\n${Array.from({ length: 60 }, (_, row) => `text ${row},${row % 5}`).join('\n')}`;
  const kinds = readingsOf({ kind: 'readings', text, named: true, columns: contentDecides });
  expect(kinds.map(({ choice }) => choice.kind).slice(0, 2)).toEqual(['acceptor', 'regressor']);
});
