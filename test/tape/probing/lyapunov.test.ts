// Lyapunov exponents beside values that are known, and beside products of Jacobians by differences.
import { describe, expect, test } from 'vitest';
import type { Architecture } from '../../../src/backend/engine.ts';
import { initialWeights } from '../../../src/tape/parameters.ts';
import { Lyapunov } from '../../../src/tape/probing/lyapunov.ts';
import { ScalarTraining } from '../../../src/tape/scalar/scalarTraining.ts';
import { builtin, cell, network, tokens } from '../../backend/networks.ts';
import { scattered } from '../linearised.ts';

/** A network of one layer, whose output layer is read by nothing. */
const alone = (text: string, hidden = 1): Architecture => ({
  ...network([], { inputs: 2, outputs: 2 }),
  layers: [{ cell: cell(text), hidden }],
});

function exponents(architecture: Architecture, steps: number, settling = 100): number[] {
  const lyapunov = new Lyapunov(architecture, 64);
  return lyapunov.spectrum(initialWeights(architecture, 1), new Int32Array(settling + steps), settling);
}

test.each([
  ['a number', '0.3'],
  // Computed of a trained vector that is zero at first.
  ['what is computed', '0.6 * σ(a)'],
])('logistic map from %s: ln 2', (_, start) => {
  const map = alone(`cell Logistic\n  h[t] = 4 * h[t-1] * (1 - h[t-1])\n  h[0] = ${start}\n`);
  const [one, ...others] = exponents(map, 3000);
  expect(others).toEqual([]);
  expect(Math.abs(one / Math.LN2 - 1)).toBeLessThan(0.01);
});

test.each([
  ['two lags', 'h[t] = 1 - 1.4 * h[t-1]^2 + 0.3 * h[t-2]'],
  ['two vectors', 'h[t] = 1 - 1.4 * h[t-1]^2 + b[t-1]\n  b[t] = 0.3 * h[t-1]'],
])('Hénon map, in %s: 0.419, and the area shrinks by 0.3 a step', (_, equations) => {
  const [first, second, ...others] = exponents(alone(`cell Henon\n  ${equations}\n  h[0] = 0.1\n`), 100_000);
  expect(others).toEqual([]);
  expect(Math.abs(first / 0.419 - 1)).toBeLessThan(0.01);
  expect(first + second).toBeCloseTo(Math.log(0.3), 9);
});

test('a linear cell contracts by the absolute eigenvalues of its matrix', () => {
  const linear = alone('cell Linear\n  h[t] = W x[t] + U h[t-1]\n  init U = sparse(0.3) radius 0.9\n', 12);
  const [first, ...others] = exponents(linear, 4000, 500);
  expect(Math.abs(first / Math.log(0.9) - 1)).toBeLessThan(0.01);
  expect(others).toHaveLength(11);
});

test('a state that is forgotten at once has the exponent -Infinity, and a cell without a state has none', () => {
  const forgetful = alone('cell Delay\n  c[t] = W x[t]\n  h[t] = c[t-1] + 0.5 * h[t-1]\n');
  const [first, second] = exponents(forgetful, 50);
  expect(first).toBeCloseTo(Math.log(0.5), 12);
  expect(second).toBe(Number.NEGATIVE_INFINITY);
  expect(exponents({ ...alone('cell None\n  h[t] = W x[t]\n') }, 50)).toEqual([]);
});

test('states that are no numbers have exponents that are none', () => {
  const exploding = alone('cell Square\n  h[t] = h[t-1] * h[t-1]\n  h[0] = 3\n');
  expect(exponents(exploding, 200)).toEqual([Number.NaN]);
  // The derivative with respect to the state before stays 1.
  const adding = alone('cell Adding\n  h[t] = h[t-1] + log(W x[t] - 5)\n');
  expect(exponents(adding, 200)).toEqual([Number.NaN]);
});

/** Returns log |det A|, by elimination with pivots. */
function logDeterminant(matrix: readonly Float64Array[]): number {
  const rows = matrix.map((row) => row.slice());
  let sum = 0;
  for (let column = 0; column < rows.length; column++) {
    const largest = rows.slice(column).reduce((a, b) => (Math.abs(b[column]) > Math.abs(a[column]) ? b : a));
    rows.splice(rows.indexOf(largest), 1);
    rows.splice(column, 0, largest);
    sum += Math.log(Math.abs(largest[column]));
    for (const row of rows.slice(column + 1)) {
      const factor = row[column] / largest[column];
      for (let i = column; i < row.length; i++) row[i] -= factor * largest[i];
    }
  }
  return sum;
}

describe('the sum of all exponents is the logarithm of the determinant of the Jacobian by differences', () => {
  test.each(['Elman', 'GRU', 'LSTM', 'MGU', 'SCRN', 'PeepholeLSTM'])('%s', (name) => {
    const architecture = network([builtin(name), builtin(name)]);
    const weights = scattered(architecture, 3);
    // Over more steps the smallest singular values are lost in the differences.
    const steps = 2;
    const x = tokens(steps, 5, 4);
    const lyapunov = new Lyapunov(architecture, 64);
    const all = lyapunov.spectrum(weights, x, 0);
    expect(all).toHaveLength(lyapunov.dimension);

    const training = new ScalarTraining(architecture, { batch: 1, steps, dropout: 0, seed: 1 });
    training.load(weights);
    const words = training.stateWords;
    expect(words).toHaveLength(lyapunov.dimension);
    const width = 1e-5;
    const after = (unit: number, by: number) => {
      for (const [i, word] of words.entries()) training.memory[word] = i === unit ? by : 0;
      training.run({ x, y: new Int32Array(steps), fresh: false, countFrom: 0, scale: 1 });
      training.carryFrom(steps);
      return Float64Array.from(words, (word) => training.memory[word]);
    };
    const jacobian = words.map((_, unit) => {
      const below = after(unit, -width);
      return after(unit, width).map((value, i) => (value - below[i]) / (2 * width));
    });
    const sum = all.reduce((total, exponent) => total + exponent, 0);
    expect(Math.abs((steps * sum) / logDeterminant(jacobian) - 1)).toBeLessThan(1e-4);
  });
});

test('a few exponents are the largest ones of all', () => {
  const architecture = network([builtin('GRU'), builtin('Elman')]);
  const weights = scattered(architecture, 3);
  const text = tokens(600, 5, 4);
  const all = new Lyapunov(architecture, 64).spectrum(weights, text, 200);
  const few = new Lyapunov(architecture, 2).spectrum(weights, text, 200);
  expect(few).toHaveLength(2);
  for (const [index, value] of few.entries()) expect(value).toBeCloseTo(all[index], 3);
});
