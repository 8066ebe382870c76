// Least squares by sums of products, beside the normal equations that are written out and solved by elimination.
import { describe, expect, test } from 'vitest';
import { choleskyFactor, choleskySolve, NormalEquations } from '../../src/data/normalEquations.ts';
import { random } from '../../src/tape/random.ts';

interface Example {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

function examples(count: number, inputs: number, outputs: number): Example[] {
  const next = random(3);
  const draw = (width: number) => Array.from({ length: width }, () => 4 * next() - 2);
  return Array.from({ length: count }, () => ({ x: draw(inputs), y: draw(outputs) }));
}

/** Solves (Wᵀ W + penalty) s = Wᵀ y by Gauss-Jordan elimination with pivots; the bias, in the end, is not penalised. */
function byElimination(all: readonly Example[], output: number, penalty: number): number[] {
  const rows = all.map(({ x }) => [...x, 1]);
  const n = rows[0].length;
  const equations = Array.from({ length: n }, (_, i) => [
    ...Array.from({ length: n }, (_, j) => {
      const sum = rows.reduce((total, row) => total + row[i] * row[j], 0);
      return sum + (i === j && i < n - 1 ? penalty : 0);
    }),
    rows.reduce((total, row, index) => total + row[i] * all[index].y[output], 0),
  ]);
  for (let i = 0; i < n; i++) {
    const pivot = equations
      .slice(i)
      .reduce((best, row) => (Math.abs(row[i]) > Math.abs(best[i]) ? row : best));
    equations.splice(equations.indexOf(pivot), 1);
    equations.splice(i, 0, pivot);
    for (const row of equations) {
      if (row === pivot) continue;
      const factor = row[i] / pivot[i];
      for (let j = 0; j <= n; j++) row[j] -= factor * pivot[j];
    }
  }
  return equations.map((row, i) => row[n] / row[i]);
}

describe.each([0, 0.1, 10])('with the penalty %s', (penalty) => {
  test.each([
    [30, 1, 1],
    [40, 5, 2],
    [100, 12, 3],
  ])('%i examples, %i inputs, %i outputs', (count, inputs, outputs) => {
    const all = examples(count, inputs, outputs);
    const equations = new NormalEquations(inputs, outputs);
    for (const { x, y } of all) equations.add(x, y);
    const { weights, bias, meanSquares } = equations.solve(penalty)!;
    for (let k = 0; k < outputs; k++) {
      const expected = byElimination(all, k, penalty);
      const found = [...weights.subarray(k * inputs, (k + 1) * inputs), bias[k]];
      for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, 10);
      const residuals = all.map(
        ({ x, y }) => y[k] - x.reduce((sum, each, i) => sum + each * found[i], bias[k]),
      );
      const mean = residuals.reduce((sum, each) => sum + each * each, 0) / count;
      expect(meanSquares[k]).toBeCloseTo(mean, 10);
    }
  });
});

test('what has no one solution gets one by a penalty', () => {
  const equations = new NormalEquations(2, 1);
  for (const { x, y } of examples(20, 1, 1)) equations.add([x[0], 2 * x[0]], y);
  expect(equations.count).toBe(20);
  expect(equations.solve(0)).toBeNull();
  const [first, second] = equations.solve(1e-3)!.weights;
  expect(second).toBeCloseTo(2 * first, 6);
});

test('a factor times its transpose is the matrix, and solves it', () => {
  const matrix = Float64Array.of(4, 2, 0.6, 2, 5, 1, 0.6, 1, 3);
  const factor = matrix.slice();
  expect(choleskyFactor(factor, 3)).toBe(true);
  const lower = (i: number, j: number) => (j <= i ? factor[3 * i + j] : 0);
  for (let i = 0; i < 3; i++)
    for (let j = 0; j < 3; j++) {
      const product = [0, 1, 2].reduce((sum, k) => sum + lower(i, k) * lower(j, k), 0);
      expect(product).toBeCloseTo(matrix[3 * i + j], 12);
    }
  const solution = choleskySolve(factor, Float64Array.of(1, 2, 3));
  for (const [i, value] of [1, 2, 3].entries()) {
    const product = [0, 1, 2].reduce((sum, k) => sum + matrix[3 * i + k] * solution[k], 0);
    expect(product).toBeCloseTo(value, 12);
  }
  expect(choleskyFactor(Float64Array.of(1, 2, 2, 1), 2)).toBe(false);
});
