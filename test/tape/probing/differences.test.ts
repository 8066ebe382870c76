import { describe, expect, test } from 'vitest';
import { slopeOf } from '../../../src/tape/probing/differences.ts';

const least = 1e-9;
/** The rounding error of values up to 1000. */
const rounding = 1000 * Number.EPSILON;

describe('a smooth function has its derivative, within the estimated error', () => {
  test.each<[string, (x: number) => number, number]>([
    ['a line', (x) => 3 * x + 1, 3],
    ['exp', Math.exp, 1],
    ['a steep sine', (x) => Math.sin(300 * x), 300],
    ['a power', (x) => (1 + x) ** 20, 20],
    ['nothing', () => 7, 0],
    ['a small slope beside a large value', (x) => 1e3 + 1e-4 * x, 1e-4],
    ['a parabola at its bottom', (x) => x * x, 0],
    ['what bends a little away', (x) => Math.abs(x - 1e-4) + 2 * x, 1],
  ])('%s', (_, f, wanted) => {
    const slope = slopeOf(f, rounding, least);
    if (slope.kind !== 'smooth') throw new Error(slope.kind);
    expect(Math.abs(slope.value - wanted)).toBeLessThanOrEqual(10 * slope.error);
    expect(slope.error).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(wanted)));
  });
});

test.each<[string, (x: number) => number, number, number]>([
  ['abs', Math.abs, -1, 1],
  ['relu', (x) => Math.max(x, 0), 0, 1],
  ['abs of a curve, beside another', (x) => Math.sin(x) + 0.01 * Math.abs(Math.expm1(x)), 0.99, 1.01],
])('%s has two slopes at its kink', (_, f, left, right) =>
  expect(slopeOf(f, rounding, least)).toEqual({
    kind: 'kink',
    left: expect.closeTo(left, 6),
    right: expect.closeTo(right, 6),
  }),
);

test('a function without values has no slope', () => {
  expect(slopeOf(() => Number.NaN, rounding, least)).toEqual({ kind: 'undefined' });
  expect(slopeOf((x) => Math.log(x), rounding, least)).toEqual({ kind: 'undefined' });
});
