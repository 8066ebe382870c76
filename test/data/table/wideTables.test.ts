// A table may have thousands of columns, whose names are looked for one by one: the work grows as their number does.
import { afterEach, expect, test, vi } from 'vitest';
import { recognisePairs } from '../../../src/data/pairs/recognise.ts';
import { readNumbers } from '../../../src/data/series/numberTable.ts';
import { columnsOf } from '../../../src/data/table/labelledRows.ts';
import { sequenceKindOf } from '../../../src/data/table/numberedRows.ts';
import { placedRows } from '../../../src/data/table/placedRows.ts';
import { readTable } from '../../../src/data/table/readTable.ts';
import { recognise } from '../../../src/data/table/recognise.ts';
import { recogniseNumber } from '../../../src/data/table/recogniseNumber.ts';
import { columnSummaries } from '../../../src/tasks/columnSummaries.ts';

/** A table of so many columns of numbers and one to fill in. */
function wide(count: number) {
  const reads = Array.from({ length: count }, (_, column) => `x${column}`);
  const rows = ['7', '9', '8'].map((first) => [first, ...reads.slice(1).map(() => '1'), ''].join(','));
  const head = [...reads, 'y'].join(',');
  const text = rows.join('\n');
  const source = `${head}\n${text}`;
  return { reads, head, text, source, table: readTable(source, 'CSV'), columns: { reads, writes: 'y' } };
}

type Wide = ReturnType<typeof wide>;

/** Returns how often strings are trimmed and normalised, and regular expressions are executed. */
function workOf(read: (table: Wide) => unknown, columns: number): number {
  const table = wide(columns);
  const calls = [
    vi.spyOn(String.prototype, 'trim'),
    vi.spyOn(String.prototype, 'normalize'),
    vi.spyOn(RegExp.prototype, 'exec'),
  ];
  read(table);
  const work = calls.reduce((sum, { mock }) => sum + mock.calls.length, 0);
  vi.restoreAllMocks();
  return work;
}

afterEach(() => {
  vi.restoreAllMocks();
});

test.each<[string, (table: Wide) => unknown]>([
  ['the columns of some names', ({ table, reads }) => columnsOf(table, reads)],
  ['the rows of a passage', ({ head, text, columns }) => placedRows({ head, text }, columns)],
  [
    'the places of a row’s text',
    ({ head, text, columns }) => placedRows({ head, text }, columns)!.rows[0].textAt(0),
  ],
  ['a column of classes', ({ source, columns }) => recognise(source, columns)],
  ['a column of numbers', ({ source, columns }) => recogniseNumber(source, columns)],
  [
    'a column of numbers, if none is named',
    ({ source }) => recogniseNumber(source, { reads: null, writes: null }),
  ],
  ['a column of texts', ({ source, columns }) => recognisePairs(source, columns)],
  ['a sequence', ({ table, reads }) => sequenceKindOf(table, reads)],
  ['a series', ({ table, reads }) => readNumbers(table, { reads, writes: reads })],
  ['the summaries of columns', ({ table }) => columnSummaries(table)],
])('%s: twice as many columns are twice the work', (_, read) => {
  const work = workOf(read, 100);
  expect(work).toBeGreaterThan(0);
  expect(workOf(read, 200)).toBeLessThan(2.5 * work);
});

test('a column that is named twice is refused, however it is written', () => {
  const { table } = wide(3);
  expect(columnsOf(table, ['x2', ' x0'])).toEqual([2, 0]);
  expect(() => columnsOf(table, ['x2', 'x0', 'x2 '])).toThrow(
    'The column `x2` is named twice: name it once.',
  );
});
