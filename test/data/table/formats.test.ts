// Every format is recognised by its content, read, and written back with nothing changed but labels.
import { describe, expect, test } from 'vitest';
import { rowsToLabel } from '../../../src/data/table/labelledRows.ts';
import { formatOf, readTable, writeTable } from '../../../src/data/table/readTable.ts';
import { recognise } from '../../../src/data/table/recognise.ts';
import type { TableFormat } from '../../../src/protocol/task.ts';
import { random } from '../../../src/tape/random.ts';

const columns = { reads: ['text'], writes: 'label' };

/** Fills in the empty labels. */
function fill(source: string, label: string, format: TableFormat = formatOf(source)!): string {
  const table = readTable(source, format);
  const { missing, column } = rowsToLabel(table, columns);
  const values = new Map(missing.map(({ line }) => [line, label]));
  const { text, unfilled } = writeTable(source, format, table, { ...column, values });
  expect(unfilled).toEqual([]);
  return text;
}

test.each([
  ['text\tlabel\na, b\tx\n', 'TSV'],
  ['\n\ntext,label\na,x\n', 'CSV'],
  ['\uFEFF{"text": "a, b"}\n', 'JSON Lines'],
  ['no label here, yet\n__label__x with one\n', 'fastText'],
  ['A text of some words.\nAnd a second line.\n', null],
  ['', null],
  ['[1, 2]\n', 'CSV'],
  ['text;label\na, b;x\nc;y\n', 'CSV with semicolons'],
  ['text;day, year;label\na;1, 2;x\nb;3;y\n', 'CSV with semicolons'],
  ['text,label; class\n"a; b; c",x\nd,y\n', 'CSV'],
  ['text;price\na;1,5\nb;2\n', 'CSV with semicolons and decimal commas'],
  ['text;price\na, b;1.5\nc;2,5\n', 'CSV with semicolons'],
  ['text\tprice\na\t"1,5"\nb\t\n', 'TSV with decimal commas'],
  ['level\n1.5\n-2\n3e2\n', 'CSV'],
  ['level\n1,5\n-2\n3\n', 'CSV with semicolons and decimal commas'],
  ['1.5\n-2\n3\n4\n', 'CSV'],
  ['level\n1.5\nhigh\n3\n4\n', null],
])('%j is recognised', (source, format) => expect(formatOf(source)).toBe(format));

test('a table without decimals has the decimal sign of the one that a model was trained on', () => {
  const [commas, tabs] = ['CSV with semicolons and decimal commas', 'TSV with decimal commas'] as const;
  expect(formatOf('text;price\na;\n', commas)).toBe(commas);
  expect(formatOf('text;price\na;1.5\n', commas)).toBe('CSV with semicolons');
  expect(formatOf('text;price\na;\n', tabs)).toBe('CSV with semicolons');
  expect(formatOf('text;price\na;\n', 'fastText')).toBe('CSV with semicolons');
  expect(formatOf('text\tprice\na\t\n', tabs)).toBe(tabs);
});

test('numbers with decimal commas are read and written', () => {
  const source = 'text;price\r\n"a; 1,5";"1,5"\r\nb, c;-1,5e3\r\nd;\r\ne;""\r\n1,5;1,000,5\r\n';
  const format = formatOf(source)!;
  const table = readTable(source, format);
  expect(table.rows.map(({ cells }) => cells)).toEqual([
    ['a; 1,5', '1.5'],
    ['b, c', '-1.5e3'],
    ['d', ''],
    ['e', ''],
    ['1.5', '1,000,5'],
  ]);
  const values = new Map([
    [4, '-2.25'],
    [5, '3.5'],
  ]);
  expect(writeTable(source, format, table, { column: 'price', index: 1, values }).text).toBe(
    source.replace('d;', 'd;-2,25').replace('e;""', 'e;"3,5"'),
  );
});

test('JSON Lines have the keys of all rows as columns', () => {
  const source = '{"text": "a", "n": 1}\n\n{"label": null, "text": "b\\nc", "more": {"x": [1]}}\nno\n[1]\n';
  expect(readTable(source, 'JSON Lines')).toEqual({
    header: ['text', 'n', 'label', 'more'],
    rows: [
      { line: 1, cells: ['a', '1', '', ''] },
      { line: 3, cells: ['b\nc', '', '', '{"x":[1]}'] },
    ],
    misfits: [
      { line: 4, message: 'It is no JSON object.' },
      { line: 5, message: 'It is no JSON object.' },
    ],
    areBare: [null, true, null, null],
  });
});

test('fastText has a text and a label; a row of several labels does not fit', () => {
  expect(readTable('__label__a x  y\nz\n__label__a __label__b x\n', 'fastText')).toEqual({
    header: ['text', 'label'],
    rows: [
      { line: 1, cells: ['x  y', 'a'] },
      { line: 2, cells: ['z', ''] },
    ],
    misfits: [{ line: 3, message: 'It has several labels, and one is possible.' }],
  });
});

describe('a label is written, and all else stays', () => {
  test.each<[string, string, string]>([
    ['TSV', 'text\tlabel\na b\t\n', 'text\tlabel\na b\tNEW\n'],
    [
      'CSV with a mark and another system’s line ends',
      '\uFEFFlabel,text\r\n,a\r\nx,b',
      '\uFEFFlabel,text\r\nNEW,a\r\nx,b',
    ],
    ['mixed line ends', 'text,label\r\na,\nb,\rc,', 'text,label\r\na,NEW\nb,NEW\rc,NEW'],
    [
      'quoted cells with line ends',
      'text,label\n"a\r\n""b"",",\n\n"c",""\n',
      'text,label\n"a\r\n""b"",",NEW\n\n"c","NEW"\n',
    ],
    ['space in an empty cell', 'text,label,n\na, ,1\n', 'text,label,n\na,NEW,1\n'],
    ['JSON with a key', '{ "label" : null , "text": "a" }\r\n', '{ "label" : "NEW" , "text": "a" }\r\n'],
    [
      'JSON without the key',
      '{"text":"a"}\n{"text": "b", "n": 1 } \n',
      '{"text":"a","label":"NEW"}\n{"text": "b", "n": 1, "label": "NEW" } \n',
    ],
    [
      'JSON with the key inside of another one',
      '{"x": {"label": 1}, "text": "\\"label\\": }", "label": ""}\n',
      '{"x": {"label": 1}, "text": "\\"label\\": }", "label": "NEW"}\n',
    ],
    [
      'JSON with space around the key',
      '{"text": "a", "label ": null}\n{"text": "b"}\n',
      '{"text": "a", "label ": "NEW"}\n{"text": "b", "label ": "NEW"}\n',
    ],
    ['fastText', '__label__x a\n b  c\n', '__label__x a\n__label__NEW  b  c\n'],
  ])('in %s', (_, source, expected) => expect(fill(source, 'NEW')).toBe(expected));

  test('labels with signs of the format are quoted', () => {
    expect(fill('text,label\na,\n', 'x, "y"')).toBe('text,label\na,"x, ""y"""\n');
    expect(fill('{"text":"a","label":""}\n', '"y"')).toBe('{"text":"a","label":"\\"y\\""}\n');
  });

  test.each<[string, string[], string, string]>([
    ['a number among numbers', ['1', '-2.5e3', 'null'], '7', '7'],
    ['a boolean among booleans', ['true', 'false'], 'true', 'true'],
    ['a number among numbers and other texts', ['1', '"unknown"'], '7', '7'],
    ['a text among numbers', ['1', '2'], 'unknown', '"unknown"'],
    ['a text that is no number of JSON', ['1', '2'], '007', '"007"'],
    ['a number among texts', ['"a"', '"b"'], '7', '"7"'],
    ['a number among numbers in quotation marks', ['"1"', '"2"'], '7', '"7"'],
    ['a number among some of both', ['"1"', '1'], '7', '"7"'],
  ])('in JSON Lines: %s', (_, given, label, written) => {
    const rows = given.map((value) => `{"text":"a","label":${value}}`).join('\n');
    const filled = fill(`${rows}\n{"text":"b","label":""}\n{"text":"c"}`, label).split('\n');
    expect(filled.slice(-2)).toEqual([`{"text":"b","label":${written}}`, `{"text":"c","label":${written}}`]);
  });

  test.each([1, 2, 3, 4, 5, 6])('whatever the cells hold (seed %i)', (seed) => {
    const next = random(seed);
    const pick = <T>(of: readonly T[]) => of[Math.floor(next() * of.length)];
    const [delimiter, format] = pick([
      [',', 'CSV'],
      ['\t', 'TSV'],
      [';', 'CSV with semicolons'],
      [';', 'CSV with semicolons and decimal commas'],
    ] as const);
    const cell = () =>
      Array.from({ length: 1 + Math.floor(next() * 5) }, () =>
        pick(['a', '😀', ' b', '"', ',', '\t', '\r\n', '\n']),
      ).join('');
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const rows = Array.from({ length: 50 }, () => [`x${cell()}`, pick(['', '', 'en']), cell()]);
    const ends = rows.map(() => pick(['\n', '\r\n', '\r']));
    const written = (label: string) =>
      `text${delimiter}label${delimiter}n\n${rows
        .map(([text, own, n], row) => [quoted(text), own || label, quoted(n)].join(delimiter) + ends[row])
        .join('')}`;
    expect(fill(written(''), 'NEW', format)).toBe(written('NEW'));
  });
});

describe('what a table is of', () => {
  const lines = Array.from(
    { length: 1204 },
    (_, i) => `${i},a text of ${i},${i < 312 ? '' : 'abcde'[i % 5]}`,
  );

  test('is said with its numbers', () => {
    expect(recognise(['id,text,label', ...lines].join('\n'))).toEqual({
      format: 'CSV',
      columns: ['id', 'text', 'label'],
      reads: ['text'],
      writes: 'label',
      rows: 1204,
      classes: 5,
      empty: 312,
      sentence: 'Classify `text` as `label`: 1,204 rows, 5 classes, 312 empty',
    });
  });

  test.each<[string, string, string | null]>([
    ['a column of few values, whatever its name', 'kind', 'kind'],
    ['not one of two that have the same name', 'id', null],
  ])('%s', (_, name, expected) =>
    expect(recognise([`id,text,${name}`, ...lines].join('\n'))?.writes ?? null).toBe(expected),
  );

  test('a column that a user names counts, whatever it looks like', () => {
    const source = ['id,text,label', ...lines].join('\n');
    expect(recognise(source, { reads: ['label', 'id'], writes: 'text' })).toMatchObject({
      reads: ['label', 'id'],
      writes: 'text',
      classes: 1204,
    });
  });

  test('a text is none', () => expect(recognise('Once upon a time.\n')).toBeNull());
});
