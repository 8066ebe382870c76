// The rows of a passage have the places of their cells.
import { expect, test } from 'vitest';
import { placedRows } from '../../../src/data/table/placedRows.ts';
import type { TableFormat } from '../../../src/protocol/task.ts';

const columns = { reads: ['text'], writes: 'label' };

/** Returns the text with a label in every empty cell, written at the places that were found. */
function filled(head: string, text: string, label: string): string {
  const lines = text.split('\n');
  for (const { label: given, cell } of placedRows({ head, text }, columns)!.rows.toReversed()) {
    if (given !== '' || !cell) continue;
    expect(cell.from.line).toBe(cell.to.line);
    const line = lines[cell.from.line];
    lines[cell.from.line] =
      line.slice(0, cell.from.character) + cell.write(label) + line.slice(cell.to.character);
  }
  return lines.join('\n');
}

test.each<[TableFormat, string, string, string]>([
  ['TSV', 'text\tlabel', 'a b\t\nc\tx\nd\t', 'a b\tNEW\nc\tx\nd\tNEW'],
  ['CSV', 'label,text', ',a\nx,b\n,"c,\n""d"""', 'NEW,a\nx,b\nNEW,"c,\n""d"""'],
  ['CSV', 'text,label', '"two\nlines","" \n"a\nb",', '"two\nlines","" \n"a\nb",NEW'],
  ['CSV', '', 'text,label\na,\nb,""', 'text,label\na,NEW\nb,"NEW"'],
  [
    'JSON Lines',
    '{"text":"a"}',
    '{"text":"b"}\n{"label":"","text":"c"}',
    '{"text":"b","label":"NEW"}\n{"label":"NEW","text":"c"}',
  ],
  ['fastText', '__label__x one', 'two\n__label__y three', '__label__NEW two\n__label__y three'],
])('%s after %j', (format, head, text, expected) => {
  expect(placedRows({ head, text }, columns)!.format).toBe(format);
  expect(filled(head, text, 'NEW')).toBe(expected);
});

test('a value is written with the marks that it needs', () => {
  const [{ cell }] = placedRows({ head: 'text,label', text: 'a,' }, columns)!.rows;
  expect([cell!.write('x'), cell!.write('x, "y"')]).toEqual(['x', '"x, ""y"""']);
});

test('a number is written with the decimal sign of the table that the model was trained on', () => {
  const format = 'CSV with semicolons and decimal commas';
  const [{ cell }] = placedRows({ head: 'text;label', text: 'a;' }, { ...columns, format })!.rows;
  expect(cell!.write('1.5')).toBe('1,5');
});

test('a number that has been begun up to its decimal comma has a point, as numbers that are read have', () => {
  const begun = (format: TableFormat, head: string, cell: string) =>
    placedRows({ head, text: head.replace('text', 'a').replace('label', cell) }, { ...columns, format })!
      .rows[0].label;
  const commas = 'CSV with semicolons and decimal commas';
  expect(['3', '3,', '-3,', '3,4', '1,000,', 'x,'].map((cell) => begun(commas, 'text;label', cell))).toEqual([
    '3',
    '3.',
    '-3.',
    '3.4',
    '1,000,',
    'x,',
  ]);
  expect(begun('TSV', 'text\tlabel', '3,')).toBe('3,');
});

test('a value of JSON Lines is bare as those of the table are, or else as those were that a model has learned', () => {
  const written = (text: string, isBare: boolean) =>
    placedRows({ head: '{"text":"a"}', text }, { ...columns, isBare })!
      .rows.at(-1)!
      .cell!.write('1');
  expect([true, false].map((isBare) => written('{"text":"b"}', isBare))).toEqual([
    ',"label":1',
    ',"label":"1"',
  ]);
  expect(written('{"text":"b","label":2}\n{"text":"c","label":null}', false)).toBe('1');
  expect(written('{"text":"b","label":"2"}\n{"text":"c","label":null}', true)).toBe('"1"');
});

test('a label that stands there has its place, too', () => {
  expect(placedRows({ head: 'text,label', text: 'a,er' }, columns)!.rows).toMatchObject([
    { label: 'er', cell: { from: { line: 0, character: 2 }, to: { line: 0, character: 4 } } },
  ]);
  expect(placedRows({ head: '', text: '__label__x b\n  __label__er  a' }, columns)!.rows).toMatchObject([
    { label: 'x' },
    { label: 'er', cell: { from: { line: 1, character: 11 }, to: { line: 1, character: 13 } } },
  ]);
});

test.each<[string, string, string, (string | null)[]]>([
  ['TSV', 'text\tlabel', 'ab\t', ['a', 'b']],
  ['quoted CSV', 'label,text', ',"a""b,\nc"', ['a', '"', 'b', ',', '\n', 'c']],
  ['JSON', '{"text":"x"}', '{"n": 1, "text": "a\\n\\u00e4\\"b"}', ['a', '\\', '\\', '\\', 'b']],
  ['fastText', '__label__x one', '__label__y  ab', ['a', 'b']],
])('the text of %s has its places', (_, head, text, expected) => {
  const [row] = placedRows({ head, text }, columns)!.rows;
  const lines = text.split('\n').map((line) => `${line}\n`);
  const found = Array.from(row.text, (_, offset) => {
    const { line, character } = row.textAt(offset)!;
    return lines[line][character];
  });
  expect(found).toEqual(expected);
  expect(row.textAt(row.text.length)).toBeNull();
});

test('keys of JSON are found as they are written, with space around them or in another form of Unicode', () => {
  const [text, label] = ['  te\u0301xte', 'label '];
  const named = { reads: ['t\u00e9xte'], writes: 'label' };
  const line = JSON.stringify({ [label]: 'old', [text]: 'XY' });
  const [given, lacking] = placedRows({ head: line, text: `${line}\n{"${text}":"c"}` }, named)!.rows;
  expect(given.cell).toMatchObject({ from: { character: 10 }, to: { character: 15 } });
  expect(given.textAt(0)).toEqual({ line: 0, character: line.indexOf('XY') });
  expect(lacking.cell!.write('new')).toBe(',"label ":"new"');
});

test('the space between two columns that are read stands nowhere', () => {
  const both = { reads: ['a', 'c'], writes: 'label' };
  const [row] = placedRows({ head: 'a,label,c', text: 'x,,y' }, both)!.rows;
  expect([row.text, ...[0, 1, 2].map((offset) => row.textAt(offset)?.character)]).toEqual([
    'x\ty',
    0,
    undefined,
    3,
  ]);
});

test('rows that do not fit are no rows, and a text is no table', () => {
  expect(placedRows({ head: 'text,label', text: 'a\nb,\n,x' }, columns)!.rows).toHaveLength(1);
  expect(placedRows({ head: '', text: 'A text.\nOf two lines.' }, columns)).toBeNull();
});

test('a table without the column to fill in has no cells, and one without that to read is refused', () => {
  expect(placedRows({ head: 'text,n', text: 'a,1' }, columns)).toMatchObject({
    hasColumn: false,
    rows: [{ text: 'a', cell: null }],
  });
  expect(() => placedRows({ head: 'n,label', text: '1,' }, columns)).toThrow('no column `text`');
});
