// A document is understood as a series to continue where its columns are numbers.
import { expect, test } from 'vitest';
import { readingsOf } from '../../../src/worker/readings.ts';

const contentDecides = { reads: null, writes: null };

const readings = (
  text: string,
  named = true,
  columns = contentDecides as { reads: null; writes: string | null },
) => readingsOf({ kind: 'readings', text, named, columns });

/** Returns the kinds of the readings. What else may be done with a text, or a number of a row, does not matter here. */
const kinds = (...asked: Parameters<typeof readings>) =>
  readings(...asked)
    .map(({ choice }) => choice.kind)
    .filter((kind) => kind !== 'encoder-decoder' && kind !== 'regressor');

/** A table of hours with so many columns of numbers. */
const series = (rows: number, columns: number) =>
  `hour,${Array.from({ length: columns }, (_, column) => `sensor ${column}`).join(',')}\n${Array.from(
    { length: rows },
    (_, row) => [row, ...Array.from({ length: columns }, (_, column) => (row * 7.3 + column) % 11)].join(','),
  ).join('\n')}\n`;

test('a table of numbers is a series first of all', () => {
  const [first] = readings(series(2000, 3));
  expect(first).toEqual({
    sentence: 'Continue the series: 3 columns of numbers, 2,000 rows',
    choice: {
      kind: 'forecaster',
      reads: ['sensor 0', 'sensor 1', 'sensor 2'],
      writes: ['sensor 0', 'sensor 1', 'sensor 2'],
    },
    columns: [],
    reads: null,
    writes: null,
    obstacle: null,
    misfits: null,
  });
  expect(readings(series(60, 1), false)[0].sentence).toBe(
    'Continue the series: 1 column of numbers, 60 rows',
  );
});

test('JSON Lines are one, too', () => {
  const lines = Array.from({ length: 50 }, (_, row) => JSON.stringify({ at: row, value: (row * 3.7) % 5 }));
  expect(readings(lines.join('\n'))[0].sentence).toBe('Continue the series: 1 column of numbers, 50 rows');
});

test('a table of texts that has numbers, too, is classified first, and one with few numbers is no series', () => {
  const rows = (more: string) =>
    Array.from({ length: 60 }, (_, row) => `text ${row},${row % 2 ? 'a' : 'b'},${(row * 3.7) % 5}${more}`);
  expect(kinds(`text,kind,score\n${rows('').join('\n')}`)).toEqual(['acceptor']);
  expect(kinds(`text,kind,score,size\n${rows(',1.5').join('\n')}`)).toEqual(['acceptor', 'forecaster']);
});

test('what hinders a run is said before it', () => {
  expect(readings(series(20, 2))[0].obstacle).toBe(
    '40 rows with numbers are needed to learn from, and there are 20: add more.',
  );
  expect(readings(series(80, 2).replace(/^.*\n/, ''))[0]).toMatchObject({
    sentence: 'A table of numbers whose columns have no names',
    obstacle:
      'The first line has numbers where the names of the columns belong: add a line with names above it.',
  });
  expect(readings(series(80, 1).replace('\n5,', '\n5,?'))[0].misfits).toBe(
    '1 row without a number would be left out. Line 7: Its `sensor 0` is no number.',
  );
});

test('where a column to fill in is chosen, and where a text is no table, there is no series', () => {
  expect(kinds(series(80, 2), true, { reads: null, writes: 'sensor 1' })).toEqual(['acceptor']);
  expect(kinds('Some prose, and more of it.\nOn two lines, or three.\n', false)).toEqual([]);
});
