// Every cell's backward pass is the derivative of its forward pass.
import { expect, test } from 'vitest';
import { builtinCells } from '../../src/cells/index.ts';
import type { Architecture } from '../../src/tape/architecture.ts';
import { type CheckOptions, checkGradients, tolerance } from '../../src/tape/checkGradients.ts';
import { parameters } from '../../src/tape/parameters.ts';
import { builtin, cell, network } from '../backend/networks.ts';

function check(architecture: Architecture, options: CheckOptions = {}): void {
  const { worst, perParameter } = checkGradients(architecture, options);
  const trained = parameters(architecture).filter((parameter) => parameter.trained);
  expect([...perParameter.keys()]).toEqual(trained.map(({ name }) => name));
  expect(worst).toBeLessThanOrEqual(tolerance);
}

test.each([...builtinCells.keys()])('%s: alone, stacked, embedded, with dropout', (name) => {
  const one = builtin(name);
  check(network([one]));
  check(network([one, one], { embedding: 3 }));
  check(network([one, one]), { dropout: 0.4, batch: 3, steps: 5, seed: 2 });
});

const more: Record<string, string> = {
  'two lags': 'h[t] = tanh(W x[t] + U h[t-1] + V h[t-2] + b)',
  'a learned state': 'h[t] = tanh(W x[t] + U h[t-1] + V h[t-3])\n h[0] = learned',
  'a state that is learned in part': 'h[t] = tanh(W x[t] + U h[t-1])\n h[0] = learned from 0.3 first 2',
  'a state whose learned part is wider than the layer':
    'h[t] = tanh(W x[t] + U h[t-1])\n h[0] = learned first 9',
  'shared parameters': 'h[t] = tanh(W x[t] + U h[t-1] + U h[t-2] + b) + b',
  'softmax and norm': 's[t] = softmax(W x[t] + U h[t-1])\n h[t] = norm(s[t] * tanh(V h[t-1]) + h[t-1])',
  'matrices of matrices, a width of its own':
    'p[t] = V x[t]\n width p = 3\n h[t] = tanh(W p[t] + A B (a * h[t-1]))',
  functions:
    'h[t] = clip(W x[t] + U h[t-1], -0.3, 0.4) + sqrt(abs(a) + 1) * exp(-h[t-1]) + log(2 + relu(h[t-1]))^2 + min(h[t-1], c) / (3 + h[t-2]^3)',
  'its own output': 'h[t] = σ(W x[t] + U y[t-1] + V y[t-2] + b)',
};
test.each(Object.entries(more))('%s', (_, text) => {
  const one = cell(`cell A\n ${text}\n`);
  check(network([one]));
  check(network([one, builtin('GRU')], { embedding: 3 }));
});

test('a tied output layer', () => check(network([builtin('LSTM')], { embedding: 4, tied: true })));

test('what is fixed is not among the parameters', () => {
  expect([...checkGradients(network([builtin('EchoState')])).perParameter.keys()]).toEqual([
    'output.W',
    'output.b',
  ]);
});

test('differences that are too coarse are no derivative, and it says so', () =>
  expect(checkGradients(network([builtin('LSTM')]), { width: 1 }).worst).toBeGreaterThan(1e-3));

test('a gradient that is no number is no small error', () =>
  expect(checkGradients(network([cell('cell A\n h[t] = log(W x[t] - 5)\n')])).worst).toBeNaN());
