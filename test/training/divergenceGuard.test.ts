import { expect, test } from 'vitest';
import { DivergenceGuard, haveExploded } from '../../src/training/divergenceGuard.ts';

const guard = new DivergenceGuard(1);

test('a text has diverged at twice the loss of guessing blindly', () => {
  const uniform = Math.log2(96);
  expect(guard.hasDiverged(1.9 * uniform, 1, uniform)).toBe(false);
  expect(guard.hasDiverged(2.1 * uniform, 1, uniform)).toBe(true);
});

test('a batch of few rows that is surprising among few classes has not diverged', () => {
  for (const classes of [2, 3, 10]) {
    expect(guard.hasDiverged(9, 1, Math.log2(classes))).toBe(false);
    expect(guard.hasDiverged(11, 1, Math.log2(classes))).toBe(true);
  }
});

test('a network that is too sure of a number has not diverged, and one whose weights explode has', () => {
  expect(guard.hasDiverged(75, 1, 3, true)).toBe(false);
  expect(guard.hasDiverged(101, 1, 3, true)).toBe(true);
});

test('what is no number has diverged', () => {
  expect(guard.hasDiverged(Number.NaN, 1, 5)).toBe(true);
  expect(guard.hasDiverged(1, Number.POSITIVE_INFINITY, 5)).toBe(true);
  expect(haveExploded(new Map([['W', { shape: [1], data: Float32Array.of(Number.NaN) }]]))).toBe(true);
});
