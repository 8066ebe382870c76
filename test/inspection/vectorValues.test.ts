import { expect, test } from 'vitest';
import { vectorValues } from '../../src/inspection/vectorValues.ts';

test('a unit that holds comes before one that changes at every token, and one that is constant is last', () => {
  const holds = [0, 0, 0, 0, 1, 1, 1, 1];
  const changes = [0, 1, 0, 1, 0, 1, 0, 1];
  const vectors = holds.map((value, t) => Float64Array.of(changes[t], 0.5, value));
  const { width, units, values } = vectorValues(vectors);
  expect(width).toBe(3);
  expect(units.filter((unit) => unit !== 1)).toEqual([2, 0]);
  expect(values[units.indexOf(2)]).toEqual(holds);
});

test('of many units those that vary most are given', () => {
  const vectors = [0, 1].map((t) => Float64Array.from({ length: 100 }, (_, unit) => t * unit));
  const { units } = vectorValues(vectors);
  expect(units.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 24 }, (_, i) => 76 + i));
});
