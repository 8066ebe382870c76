import { describe, expect, test } from 'vitest';
import { labelledRows } from '../../../src/data/table/labelledRows.ts';
import { readTable } from '../../../src/data/table/readTable.ts';
import { random } from '../../../src/tape/random.ts';

test.each([
  ['commas', 'a,b\n1,2\n', 'CSV', [['1', '2']]],
  ['tabulators', 'a\tb\n1,5\t2\n', 'TSV', [['1,5', '2']]],
  ['quoted cells', 'a,b\n"x, y","say ""hi"""\n', 'CSV', [['x, y', 'say "hi"']]],
  ['quotation marks inside of a cell', 'a,b\nsay "hi",2\n', 'CSV', [['say "hi"', '2']]],
  [
    'a line break in a cell, and line ends of another system',
    '\uFEFFa,b\r\n"x\r\ny",2\r\n',
    'CSV',
    [['x\ny', '2']],
  ],
  ['empty cells', 'a,b\n,\n', 'CSV', [['', '']]],
  ['no line end at the end', 'a,b\n1,2', 'CSV', [['1', '2']]],
] as const)('%s are read', (_, source, delimiter, rows) => {
  const table = readTable(source, delimiter);
  expect(table.header).toEqual(['a', 'b']);
  expect(table.rows.map(({ cells }) => cells)).toEqual(rows);
  expect(table.misfits).toEqual([]);
});

test('rows that do not fit are listed with their lines; the others are read', () => {
  const source = 'a,b\n1,2\n\n"two\nlines",3\nalone\n1,2,3\n5,6\n"x"y,4\n"7",8\n';
  const { rows, misfits } = readTable(source, 'CSV');
  expect(rows.map(({ line }) => line)).toEqual([2, 4, 8]);
  expect(misfits.map(({ line }) => line)).toEqual([6, 7, 9]);
  expect(misfits.map(({ message }) => message)).toEqual([
    'It has 1 column, and the header has 2.',
    'It has 3 columns, and the header has 2.',
    'Text follows a closing quotation mark: double the marks that belong to the text.',
  ]);
});

test('a quotation mark that is never closed is said at the line where it is opened', () => {
  const { rows, misfits } = readTable('a,b\n1,2\n"3,4\n5,6\n', 'CSV');
  expect(rows.map(({ line }) => line)).toEqual([2]);
  expect(misfits).toEqual([
    {
      line: 3,
      message:
        'A quotation mark is opened and never closed, so that all that follows is one cell: double it if it belongs to the text.',
    },
  ]);
});

test.each([
  ['', 'The table is empty'],
  ['\n \n', 'The table is empty'],
  ['a,b\n1,\0\n', 'looks like a binary file'],
  ['"a,b\n1,2\n', 'The header, line 1, has a quotation mark that is not closed: close it'],
])('%j is refused', (source, sentence) => expect(() => readTable(source, 'CSV')).toThrow(sentence));

test.each([1, 2, 3, 4, 5])(
  'what is written as RFC 4180 says is read as it was, at its line (seed %i)',
  (seed) => {
    const next = random(seed);
    const characters = ['a', 'é', '😀', ' ', ',', '"', '\n', '\t'];
    const cell = () =>
      Array.from(
        { length: Math.floor(next() * 6) },
        () => characters[Math.floor(next() * characters.length)],
      ).join('');
    const delimiter = seed % 2 === 0 ? ',' : '\t';
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const wanted = Array.from({ length: 200 }, () => [cell(), cell(), `${next()}`]);
    let source = `a${delimiter}b${delimiter}c`;
    const lines = wanted.map((cells) => {
      source += '\n';
      const line = source.split('\n').length;
      source += cells.map(quoted).join(delimiter);
      return line;
    });
    const { rows, misfits } = readTable(source, seed % 2 === 0 ? 'CSV' : 'TSV');
    expect(misfits).toEqual([]);
    expect(rows).toEqual(wanted.map((cells, index) => ({ line: lines[index], cells })));
  },
);

describe('labels', () => {
  const table = readTable('text,n,label\nhello,1, en \n,2,en\nbonjour,3,\n  ,4,fr\nlonely\n', 'CSV');

  test('are taken with their texts; what has none, and what does not fit, is listed', () => {
    expect(labelledRows(table, { reads: ['text'], writes: 'label' })).toEqual({
      column: { column: 'label', index: 2, isBare: false },
      rows: [{ line: 2, text: 'hello', label: 'en' }],
      missing: [{ line: 4, text: 'bonjour' }],
      misfits: [
        { line: 3, message: 'Its `text` is empty.' },
        { line: 5, message: 'Its `text` is empty.' },
        { line: 6, message: 'It has 1 column, and the header has 3.' },
      ],
    });
  });

  test.each([
    [
      'a column that is not there',
      table,
      'The table has no column `words`: its columns are `text`, `n`, `label`.',
    ],
    ['a column that is there twice', readTable('words,words\n1,2\n', 'CSV'), 'has 2 columns `words`'],
  ])('%s is refused', (_, of, sentence) =>
    expect(() => labelledRows(of, { reads: ['words'], writes: 'label' })).toThrow(sentence),
  );
});
