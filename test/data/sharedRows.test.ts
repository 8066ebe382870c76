// It is said of each kind of data how many held-out rows of a file of their own are learned too.
import { expect, test } from 'vitest';
import { TaggingDataset } from '../../src/data/columns/taggingDataset.ts';
import { PairDataset } from '../../src/data/pairs/pairDataset.ts';
import { remarkOnShared } from '../../src/data/sharedRows.ts';
import { NumberDataset } from '../../src/data/table/numberDataset.ts';
import { TableDataset } from '../../src/data/table/tableDataset.ts';

const promise =
  'in the training text too, and learned: what is measured on them promises too much for others.';

test('in one and in several, and nothing where there are none', () => {
  expect(remarkOnShared(['a', 'b'], ['b'])).toEqual([`1 of 1 held-out row is ${promise}`]);
  expect(remarkOnShared(['a', 'b'], ['b', 'a', 'a', 'c'])).toEqual([`3 of 4 held-out rows are ${promise}`]);
  expect(remarkOnShared(['a', 'b'], ['c'])).toEqual([]);
});

const rows = Array.from({ length: 60 }, (_, row) => row);
/** A table, and one of three of its rows and a new one. */
const tables = (labelOf: (row: number) => string | number) => {
  const table = (of: readonly number[]) =>
    ['text\tlabel', ...of.map((row) => `text ${row}\t${labelOf(row)}`)].join('\n');
  return { source: table(rows), heldOut: { source: table([1, 2, 3, 100]), format: 'TSV' as const } };
};
const columns = { reads: ['text'], writes: 'label' };
const shared = `3 of 4 held-out rows are ${promise}`;

test('of classes, numbers and texts', () => {
  const classes = tables((row) => (row % 2 ? 'a' : 'b'));
  const tokens = 'characters';
  expect(new TableDataset({ ...classes, format: 'TSV', columns, tokens }).remarks).toContain(shared);
  expect(new TableDataset({ ...classes, format: 'TSV', columns, tokens, heldOut: null }).remarks).toEqual([]);

  const numbers = {
    ...tables((row) => row),
    format: 'TSV',
    columns,
    tokens,
    kind: 'text',
    taught: 1,
  } as const;
  expect(new NumberDataset(numbers).remarks).toContain(shared);

  const texts = {
    ...tables((row) => `the text of ${row * 7}`),
    format: 'TSV',
    columns,
    vocabularies: null,
  } as const;
  expect(new PairDataset(texts).remarks).toContain(shared);
});

test('of tags', () => {
  const text = (of: readonly number[]) => of.map((row) => `word${row}\tN\nruns\tV\n`).join('\n');
  const heldOut = { source: text([1, 2, 3, 100]), format: 'columns' } as const;
  const tagged = {
    source: text(rows),
    format: 'columns',
    columns: { reads: null, writes: null },
    heldOut,
  } as const;
  expect(new TaggingDataset(tagged).remarks).toContain(`3 of 4 held-out sentences are ${promise}`);
});

test('what a held-out file lacks is said to be of that file', () => {
  const { source } = tables((row) => row % 3);
  const heldOut = { source: 'words\tlabel\na\t1\n', format: 'TSV' as const };
  const options = { source, columns, heldOut, format: 'TSV' as const };
  const lacking = 'Of the held-out file: The table has no column `text`: its columns are `words`, `label`.';
  const tokens = 'characters';
  expect(() => new TableDataset({ ...options, tokens })).toThrow(lacking);
  expect(() => new NumberDataset({ ...options, kind: 'text', taught: 1, tokens })).toThrow(lacking);
  expect(() => new PairDataset({ ...options, vocabularies: null })).toThrow(lacking);
});
