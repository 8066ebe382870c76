import { expect, test } from 'vitest';
import { decimalsOf, writeDecimals } from '../../../src/data/table/decimals.ts';

test.each([
  ['3', 0],
  ['-2.50', 2],
  ['+.5', 1],
  ['1e4', 0],
  ['1.25e1', 1],
  ['9e-05', 5],
  [' 1.5E-7 ', 8],
  ['4e-300', 100],
  ['2.5e300', 0],
  ['many.1', 0],
])('%j has %d decimals', (cell, decimals) => expect(decimalsOf(cell)).toBe(decimals));

test.each([
  [2.345, 2, '2.35'],
  [-0.001, 2, '0.00'],
  [1.4e-7, 8, '0.00000014'],
  [1.23456789e-20, 22, '1.234568e-20'],
  [-1.23456789e300, 0, '-1.234568e+300'],
  [0, 30, '0'],
])('%d is written with %d decimals as %s', (value, decimals, written) => {
  expect(writeDecimals(value, decimals)).toBe(written);
});
