// A document is understood as a table where it is one, and what hinders a run is said before it.
import { describe, expect, test } from 'vitest';
import { acceptorReadings } from '../../../src/tasks/acceptor/readings.ts';

const contentDecides = { reads: null, writes: null };

/** A table whose rows have one of so many labels, with some without any. */
const table = (rows: number, classes: number, empty = 0) =>
  `text,label\n${Array.from({ length: rows + empty }, (_, row) => `text number ${row},${row < rows ? `class ${row % classes}` : ''}`).join('\n')}\n`;

const reading = (
  text: string,
  isNamed = false,
  columns: Parameters<typeof acceptorReadings>[2] = contentDecides,
) => acceptorReadings(text, isNamed, columns)[0];

test('a table is understood with its columns', () => {
  expect(reading(table(40, 2, 5))).toEqual({
    sentence: 'Classify `text` as `label`: 45 rows, 2 classes, 5 empty',
    choice: { kind: 'acceptor', reads: ['text'], writes: 'label', heldOut: null },
    columns: [
      { name: 'text', filled: 45, different: 45 },
      { name: 'label', filled: 40, different: 2 },
    ],
    reads: ['text'],
    writes: 'label',
    obstacle: null,
    misfits: null,
  });
});

test('chosen columns are taken', () => {
  const text = `n,kind,who\n${Array.from({ length: 30 }, (_, row) => `row ${row},${row % 2},${row % 3}`).join('\n')}`;
  expect(reading(text, false, { reads: ['n', 'who'], writes: 'kind' })).toMatchObject({
    sentence: 'Classify `n`, `who` as `kind`: 30 rows, 2 classes, 0 empty',
    choice: { reads: ['n', 'who'], writes: 'kind' },
    obstacle: null,
  });
});

test.each([
  ['prose', 'Dear Sir, the cat sat on the mat.\nIt sat, and sat, and sat.\nYours, Sam\n'.repeat(20)],
  ['a program', `import a, b\n${'x = f(1, 2, 3)\ny = 4\n'.repeat(30)}`],
  ['nothing', ''],
])('%s is no table', (_, text) => expect(acceptorReadings(text, false, contentDecides)).toEqual([]));

test('rows that do not fit are counted, and the first of them named', () => {
  const text = `${table(40, 2)}alone\nmore,of,them\n`;
  expect(reading(text).misfits).toBe(
    '2 rows do not fit, and would be left out. Line 42: It has 1 column, and the header has 2. Line 43: It has 3 columns, and the header has 2.',
  );
});

describe('what hinders a run on a file that is called a table', () => {
  test.each<[string, string, string, (typeof contentDecides | { reads: null; writes: string })?]>([
    ['a header without rows', 'text,label\n', 'no rows below its header'],
    [
      'duplicate headers',
      `a,a\n${'x,y\n'.repeat(30)}`,
      'Several columns are called `a`: give each a name of its own.',
    ],
    [
      'no classes',
      `a,b\n${Array.from({ length: 30 }, (_, row) => `x${row},y${row}`).join('\n')}`,
      'choose the one to fill in',
    ],
    [
      'one class only',
      `text,label\n${Array.from({ length: 30 }, (_, row) => `x${row},y`).join('\n')}`,
      'two different labels',
      { reads: null, writes: 'label' },
    ],
    [
      'few labels',
      table(6, 2, 40),
      '20 rows with a label are needed to learn from, and `label` is filled in on 6',
    ],
    [
      'a column of text as classes',
      table(1200, 2),
      'which are no classes but text of its own',
      { reads: null, writes: 'text' },
    ],
    ['a header with an open quotation mark', '"text,label\na,b\n', 'quotation mark'],
  ])('%s', (_, text, sentence, columns = contentDecides) => {
    expect(reading(text, true, columns).obstacle).toContain(sentence);
  });
});
