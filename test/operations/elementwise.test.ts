// The derivative of every function and operator, computed on plain numbers, against central differences.
import { describe, expect, test } from 'vitest';
import {
  binaryOperations,
  elementwise,
  type Gradient,
  unaryOperations,
} from '../../src/operations/elementwise.ts';

const epsilon = 1e-5;
/** Points of both signs, none of them at a kink. */
const points = [-2.3, -0.7, 0.4, 1.9];

/** Returns the gradient with respect to each operand where the loss's derivative is 3. */
const gradientAt = (gradient: Gradient, inputs: readonly number[], y: number) =>
  gradient<number>({
    dy: 3,
    y,
    inputs,
    apply: (operation, ...operands) => elementwise[operation].value(...operands),
    constant: (value) => value,
  });

function check(
  value: (...operands: number[]) => number,
  gradient: Gradient,
  inputs: readonly number[],
): void {
  const y = value(...inputs);
  const found = gradientAt(gradient, inputs, y);
  expect(found).toHaveLength(inputs.length);
  for (const [index, slope] of found.entries()) {
    const moved = (by: number) => value(...inputs.map((v, at) => (at === index ? v + by : v)));
    const difference = (3 * (moved(epsilon) - moved(-epsilon))) / (2 * epsilon);
    expect(slope, `by operand ${index} at ${inputs}`).toBeCloseTo(difference, 5);
  }
}

describe('the derivative is that of the value', () => {
  test.each(Object.entries(unaryOperations))('%s', (_, { value, gradient }) => {
    const inside = points.filter((v) => Number.isFinite(value(v)));
    expect(inside.length).toBeGreaterThan(1);
    for (const v of inside) check(value, gradient, [v]);
  });

  test.each(Object.entries(binaryOperations))('%s', (_, { value, gradient }) => {
    const pairs = points.flatMap((a) => points.map((b) => [a, b + 0.05]));
    const inside = pairs.filter((pair) => Number.isFinite(value(...pair)));
    expect(inside.length).toBeGreaterThan(1);
    for (const pair of inside) check(value, gradient, pair);
  });
});

test('a wrong derivative is found', () => {
  const { value } = unaryOperations.tanh;
  expect(() => check(value, unaryOperations.sigmoid.gradient, [0.4])).toThrow();
});

test('the base of a power has its derivative at 0 too', () =>
  expect(gradientAt(binaryOperations.power.gradient, [0, 2], 0)).toEqual([0, 0]));

test('at equal operands, the first of `min` and `max` gets the whole gradient', () => {
  for (const name of ['min', 'max'] as const)
    expect(gradientAt(binaryOperations[name].gradient, [1, 1], 1)).toEqual([3, 0]);
});
