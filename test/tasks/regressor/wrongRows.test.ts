// Rows without a number where one is to be are found at their places, and mends are exact.
import { describe, expect, test, vi } from 'vitest';
import { wrongRowsOfNumbers } from '../../../src/tasks/regressor/wrongRows.ts';

const good = ['a,1', 'b,2', 'c,2.5', 'd,'];
const wrongIn = (row: string) =>
  wrongRowsOfNumbers(['text,stars', ...good, row].join('\n'), { reads: ['text'], writes: 'stars' });

test('numbers and empty cells are not reported', () => expect(wrongIn('"e, f",-3e2')).toEqual([]));

test.each([
  ['e,4 stars', 'e,4'],
  ['e,"3,5"', 'e,"3.5"'],
  ['"e, f",≈ 7', '"e, f",7'],
])('%s has one number, which is offered', (row, mended) => {
  const [{ message, mend, from }, ...others] = wrongIn(row);
  expect(others).toEqual([]);
  expect(message).toContain('`stars` holds numbers, and `');
  expect(from.line).toBe(5);
  expect(row.slice(0, mend!.from.character) + mend!.text + row.slice(mend!.to.character)).toBe(mended);
});

test.each([['e,good'], ['e,3 to 4']])('%s has none, or several', (row) => {
  const [{ message, mend }] = wrongIn(row);
  expect([message, mend]).toEqual([expect.stringContaining('is none, so that the row is left out'), null]);
});

describe('a sign before three digits', () => {
  /** Returns the corrections of a column of prices. */
  const mendsOf = (rows: readonly string[]) =>
    wrongRowsOfNumbers(['item;price', ...rows].join('\n'), { reads: ['item'], writes: 'price' }).map(
      ({ mend }) => mend?.text ?? null,
    );

  test('may stand between thousands, so that nothing is offered', () => {
    const prices = ['item,price', 'a,950', 'b,"1,050"', 'c,"$2,000"', 'd,"-12,500 $"', 'e,3.000 €'];
    const wrong = wrongRowsOfNumbers(prices.join('\n'), { reads: ['item'], writes: 'price' });
    expect(wrong.map(({ mend }) => mend)).toEqual([null, null, null, null]);
    expect(mendsOf(['a;9.50', 'b;1,050'])).toEqual([null]);
    expect(mendsOf(['a;9,50', 'b;1.050 €'])).toEqual([null]);
  });

  test('stands before decimals where no thousands can be before it, or those of other numbers do', () => {
    expect(mendsOf(['a;950', 'b;0,125 kg', 'c;1050,125 kg', 'd;1,5 kg', 'e;1,0505 kg'])).toEqual([
      '0.125',
      '1050.125',
      '1.5',
      '1.0505',
    ]);
    expect(mendsOf(['a;9.50', 'b;1.050 kg'])).toEqual(['1.050']);
    expect(mendsOf(['a;9,50', 'b;1,050 kg'])).toEqual(['1,050']);
  });
});

test.each([
  ['bare, as the others are', ['1', '2.5'], '4'],
  ['in quotation marks, as the others are', ['"1"', '"2.5"'], '"4"'],
])('a number of JSON Lines is corrected %s', (_, given, written) => {
  const rows = [...given, '"4 stars"'].map((stars) => `{"text":"a","stars":${stars}}`);
  const wrong = wrongRowsOfNumbers(rows.join('\n'), { reads: ['text'], writes: 'stars' });
  expect(wrong.map(({ mend }) => mend?.text)).toEqual([written]);
});

test('of many cells without a number the first are reported, and no other is looked into', () => {
  const found = (count: number) => {
    const rows = Array.from({ length: count }, () => 'a,good');
    const looks = vi.spyOn(RegExp.prototype, 'exec');
    const wrong = wrongRowsOfNumbers(['text,stars', 'a,1', ...rows].join('\n'), {
      reads: ['text'],
      writes: 'stars',
    });
    const work = looks.mock.calls.length;
    vi.restoreAllMocks();
    return { work, lines: wrong.map(({ from }) => from.line) };
  };
  const [some, more] = [found(1100), found(1200)];
  expect(more.lines).toEqual(Array.from({ length: 1000 }, (_, row) => row + 2));
  expect(more.work).toBe(some.work);
});

test('too few columns are reported as in any table, and gaps of sequences too', () => {
  expect(wrongIn('e').map(({ message }) => message)).toEqual(['It has 1 column, and the header has 2.']);
  const rows = ['x1,x2,x3,y', '1,2,3,6', '4,5,,9', '1,,3,4', '2,2,2,6'].join('\n');
  expect(wrongRowsOfNumbers(rows, { reads: ['x1', 'x2', 'x3'], writes: 'y' })).toEqual([
    expect.objectContaining({
      from: { line: 3, character: 0 },
      message: expect.stringContaining('no sequence of numbers without gaps'),
      mend: null,
    }),
  ]);
  expect(wrongRowsOfNumbers(rows, { reads: ['x1'], writes: 'z' })[0]).toMatchObject({
    from: { line: 0 },
    message: expect.stringContaining('The table has no column `z`'),
  });
});
