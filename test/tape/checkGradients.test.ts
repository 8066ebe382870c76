// The backward pass of every cell is the derivative of its forward pass: by central differences in 64 bit.
import { describe, expect, test } from 'vitest';
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

test('gradients are right to 1e-5', () => expect(tolerance).toBe(1e-5));

test.each([...builtinCells.keys()])('%s', (name) => {
  const one = builtin(name);
  check(network([one]));
  check(network([one, one], { embedding: 3 }));
  check(network([one, one], { embedding: 3 }), { batch: 3, steps: 5, dropout: 0.4, seed: 2 });
});

describe('what a cell can say', () => {
  const bodies: Record<string, string> = {
    'several lags': 'h[t] = tanh(W x[t] + U h[t-1] + V h[t-3] + b)',
    'a learned state': 'h[t] = tanh(W x[t] + U h[t-1] + V h[t-3])\nh[0] = learned',
    'a state that is learned in part': 'h[t] = tanh(W x[t] + U h[t-1])\nh[0] = learned from 0.3 first 2',
    'a learned part wider than the layer': 'h[t] = tanh(W x[t] + U h[t-1])\nh[0] = learned first 9',
    'a parameter in several places': 'h[t] = tanh(W x[t] + U h[t-1] + U h[t-2] + b) * b + b',
    'a product of a product': 'h[t] = tanh(W x[t] + U (V tanh(U h[t-1])))',
    'a width of its own': 'p[t] = V x[t]\nwidth p = 3\nh[t] = tanh(W p[t] + A B (a * h[t-1]))',
    'a function of parameters': 'h[t] = exp(a) * tanh(W x[t] + U h[t-1]) + sigmoid(a + b)',
    "the network's output": 'h[t] = σ(W x[t] + U y[t-1] + V y[t-2] + b)',
    softmax: 'h[t] = softmax(W x[t] + U h[t-1])',
    'layer normalisation': 'h[t] = tanh(g * norm(W x[t] + U h[t-1]) + b)',
    'min, max, relu, abs': 'h[t] = clip(W x[t] + U h[t-1], -0.3, 0.4) + relu(h[t-1]) * min(a, abs(h[t-1]))',
    'powers and roots': 'h[t] = (2 + tanh(h[t-1])^2)^0.5',
    'powers of parameters': 'h[t] = tanh(W x[t]) * (2 + tanh(h[t-1]))^p + sqrt(1 + h[t-1]^2)',
    'logarithms and quotients': 'h[t] = log(2 + exp(U h[t-1])) / (3 + tanh(W x[t])) - h[t-1] / 2',
    'only itself': 'h[t] = h[t-1] + tanh(W x[t])',
  };
  test.each(Object.entries(bodies))('%s', (_name, body) => {
    const one = cell(`cell A\n${body}\n`);
    check(network([one]), { steps: 5 });
    check(network([one, builtin('GRU')], { inputs: 4, outputs: 4 }), { batch: 1 });
  });
});

test('a tied output layer', () => check(network([builtin('LSTM')], { embedding: 4, tied: true })));

test.each(['mean', 'max'] as const)('the head that pools by the %s', (pool) =>
  check(network([builtin('GRU')], { inputs: 7, outputs: 3, head: { kind: 'pooled', pool } })),
);

test('a window shorter than the lags', () =>
  check(network([cell('cell A\nh[t] = tanh(W x[t] + V h[t-5])\nh[0] = learned\n')]), { steps: 2 }));

test('of a learned part wider than the layer, as much is trained as there are units', () => {
  const [state] = parameters(
    network([cell('cell A\nh[t] = tanh(W x[t] + U h[t-1])\nh[0] = learned first 9\n')]),
  ).filter(({ name }) => name === 'layers.0.h[0]');
  expect(state.shape).toEqual([4]);
});

test('what is fixed is not among the parameters', () =>
  expect([...checkGradients(network([builtin('EchoState')])).perParameter.keys()]).toEqual([
    'output.W',
    'output.b',
  ]));

test('differences that are too coarse are no derivative, and it says so', () =>
  expect(checkGradients(network([builtin('LSTM')]), { width: 1 }).worst).toBeGreaterThan(1e-3));

test('a gradient that is no number is no small error', () =>
  expect(checkGradients(network([cell('cell A\nh[t] = log(W x[t] - 5)\n')])).worst).toBeNaN());
