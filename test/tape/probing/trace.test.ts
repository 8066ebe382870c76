import { expect, test } from 'vitest';
import { builtinCells } from '../../../src/cells/index.ts';
import { readCells } from '../../../src/language/check.ts';
import { trace } from '../../../src/tape/probing/trace.ts';

const traceOf = (name: string, symbols: string, hidden = 1) =>
  trace(readCells(builtinCells.get(name)!).cells[0], { symbols, hidden, seed: 1 });

test('the Babylonian cell goes to the square root of 2', () => {
  const { values } = traceOf('Babylonian', 'aaa');
  const fractions = [2, 3 / 2, 17 / 12, 577 / 408];
  expect(values.h).toEqual(fractions.map((fraction) => [expect.closeTo(fraction, 14)]));
});

test('symbols are characters, also those outside the basic plane', () => {
  const { alphabet, widths, values } = traceOf('Elman', 'b😀ab', 2);
  expect(alphabet).toEqual(['a', 'b', '😀']);
  expect(widths).toEqual({ x: 3, h: 2, y: 3 });
  expect(values.h.length).toBe(5);
});

test('no symbols leave the initial state', () => expect(traceOf('Babylonian', '').values.h).toEqual([[2]]));

test.each([...builtinCells.keys()])('%s has finite values, the same for the same seed', (name) => {
  const { values } = traceOf(name, 'abcab', 4);
  expect(values).toEqual(traceOf(name, 'abcab', 4).values);
  for (const number of Object.values(values).flat(2)) expect(number).toSatisfy(Number.isFinite);
});

test('a Jordan network reads the probabilities of its output', () => {
  const { values } = traceOf('Jordan', 'abc', 2);
  for (const y of values.y.slice(1)) expect(y.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
});
