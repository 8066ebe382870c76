import { describe, expect, test } from 'vitest';
import { random } from '../../src/tape/random.ts';
import { conjugateGradients } from '../../src/training/conjugateGradients.ts';

const size = 30;
const next = random(3);
const factor = Array.from({ length: size }, () => Float64Array.from({ length: size }, () => next() - 0.5));
/** F Fᵀ + diag(1 … size), which is positive definite. */
const matrix = factor.map((row, i) =>
  Float64Array.from(factor, (other, j) => row.reduce((sum, v, k) => sum + v * other[k], i === j ? i + 1 : 0)),
);
const product = (vector: Float64Array) =>
  Float64Array.from(matrix, (row) => row.reduce((sum, value, i) => sum + value * vector[i], 0));
const solution = Float64Array.from({ length: size }, () => 2 * next() - 1);
const b = product(solution);
const ones = new Float64Array(size).fill(1);
const zero = new Float64Array(size);

const distance = (x: Float64Array) => Math.hypot(...x.map((value, i) => value - solution[i]));
const quadratic = (x: Float64Array) => {
  const image = product(x);
  return x.reduce((sum, value, i) => sum + value * (image[i] / 2 - b[i]), 0);
};

describe('conjugate gradients', () => {
  test('solve a system', () => {
    const found = conjugateGradients({ product, b, diagonal: ones, start: zero, mostIterations: 200 });
    expect(distance(found.at(-1)!)).toBeLessThan(1e-2 * distance(zero));
    // Each iterate that is kept has a lower value than the one before.
    const values = found.map(quadratic);
    expect([...values].sort((x, y) => y - x)).toEqual(values);
    expect(values.at(-1)).toBeCloseTo(quadratic(solution), 3);
  });

  test('are quicker with a preconditioner, and done where they begin at the solution', () => {
    const diagonal = Float64Array.from(matrix, (row, i) => row[i]);
    const after = (of: Float64Array) =>
      distance(conjugateGradients({ product, b, diagonal: of, start: zero, mostIterations: 6 }).at(-1)!);
    expect(after(diagonal)).toBeLessThan(after(ones));
    const [only, ...others] = conjugateGradients({
      product,
      b: zero,
      diagonal: ones,
      start: zero,
      mostIterations: 10,
    });
    expect([...only]).toEqual([...zero]);
    expect(others).toEqual([]);
  });
});
