// Rows without a number where one is to be are found at their places, and mends are exact.
import { expect, test } from 'vitest';
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
