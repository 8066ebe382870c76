// Rows that are wrong are found at their places, and mends are exact.
import { describe, expect, test, vi } from 'vitest';
import { wrongRowsOfTable } from '../../../src/tasks/acceptor/wrongRows.ts';

const columns = { reads: ['text'], writes: 'label' };
const good = ['a,error', 'b,error', 'c,info', 'd,info'];

/** Returns what is said of the rows after some good ones, and the text after all mends. */
function check(rows: readonly string[], header = 'text,label') {
  const lines = [header, ...good, ...rows];
  const wrong = wrongRowsOfTable(lines.join('\n'), columns);
  for (const { mend } of wrong.toReversed()) {
    if (!mend) continue;
    const line = lines[mend.from.line];
    lines[mend.from.line] = line.slice(0, mend.from.character) + mend.text + line.slice(mend.to.character);
  }
  return { wrong: wrong.map(({ from, message }) => [from.line, message]), mended: lines.slice(5) };
}

test('good rows, and rows without a label, are not reported', () => {
  expect(check(['e,', '', '"f, g",info']).wrong).toEqual([]);
});

test.each<[string, string[], RegExp, string[]]>([
  ['too few columns', ['e'], /has 1 column, and the header has 2/, ['e,']],
  ['too many columns', ['e,f,info'], /has 3 columns/, ['e,f,info']],
  ['a quotation mark that never closes', ['"e,info'], /never closed/, ['"e",info']],
  ['text after a quotation mark', ['"e"f,info'], /quotation mark/, ['"e"f,info']],
  ['a class seen once that is misspelt', ['e,eror'], /on this row alone.* Is `error` meant\?/, ['e,error']],
  ['a class seen once in capitals', ['e,INFO'], /Is `info` meant\?/, ['e,info']],
  [
    'a class seen once',
    ['e,debug'],
    /on this row alone, which is too little to learn it from\.$/,
    ['e,debug'],
  ],
  ['a label with space', ['e,info '], /has space around it/, ['e,info']],
  ['an empty text', [',info'], /Its `text` is empty/, [',info']],
])('%s', (_, rows, message, mended) => {
  const found = check(rows);
  expect(found.wrong).toEqual([[5, expect.stringMatching(message)]]);
  expect(found.mended).toEqual(mended);
});

test('a header that cannot be used is reported at its line', () => {
  expect(check([], 'text,label,label').wrong[0]).toEqual([0, expect.stringContaining('2 columns `label`')]);
});

test('JSON Lines and fastText have their places, too', () => {
  const json = ['x', 'x', 'y', 'y'].map((label) => `{"text":"a","label":"${label}"}`);
  expect(wrongRowsOfTable([...json, '{"text":"a","label":"x "}', 'no'].join('\n'), columns)).toMatchObject([
    { from: { line: 4, character: 20 }, to: { line: 4, character: 24 }, mend: { text: '"x"' } },
    { from: { line: 5 }, message: 'It is no JSON object.', mend: null },
  ]);
  const spaced = ['x', 'x', 'y', 'y', 'x '].map((label) => `{"text":"a"," label":"${label}"}`);
  expect(wrongRowsOfTable(spaced.join('\n'), columns)).toMatchObject([
    { from: { line: 4, character: 21 }, to: { line: 4, character: 25 }, mend: { text: '"x"' } },
  ]);
  const numbers = ['111', '111', '1112'].map((label) => `{"text":"a","label":${label}}`);
  expect(wrongRowsOfTable(numbers.join('\n'), columns)).toMatchObject([
    { from: { line: 2, character: 20 }, to: { line: 2, character: 24 }, mend: { text: '111' } },
  ]);
  const fast = ['xxx', 'xxx', 'y', 'y', 'xxxx'].map((label) => `__label__${label} a`).join('\n');
  expect(wrongRowsOfTable(fast, columns)).toMatchObject([
    { from: { line: 4, character: 9 }, to: { line: 4, character: 13 }, mend: { text: 'xxx' } },
  ]);
});

test('a text that is no table has none', () => {
  expect(wrongRowsOfTable('A text.', columns)).toEqual([]);
});

describe('of many labels that occur once', () => {
  const wrongOf = (count: number) =>
    wrongRowsOfTable(
      ['text,label', ...good, ...Array.from({ length: count }, (_, row) => `text,label ${row}`)].join('\n'),
      columns,
    );

  /** Returns how often the maps, and how often the labels themselves, are looked into. */
  function workOf(count: number) {
    const [looks, comparisons] = [vi.spyOn(Map.prototype, 'get'), vi.spyOn(String.prototype, 'toLowerCase')];
    wrongOf(count);
    const work = { looks: looks.mock.calls.length, comparisons: comparisons.mock.calls.length };
    vi.restoreAllMocks();
    return work;
  }

  test('the first are reported, and no other is compared', () => {
    expect(wrongOf(1200).map(({ from }) => from.line)).toEqual(
      Array.from({ length: 1000 }, (_, row) => row + 5),
    );
    expect(workOf(1200).comparisons).toBe(workOf(1100).comparisons);
  });

  test('twice as many are twice the work', () =>
    expect(workOf(600).looks).toBeLessThan(3 * workOf(300).looks));
});
