// The backward pass of every cell is the derivative of its forward pass: by central differences in 64 bit.
import { describe, expect, test } from 'vitest';
import { builtinCells } from '../../src/cells/index.ts';
import { checkGradients } from '../../src/tape/checkGradients.ts';
import { builtin, cell, network } from '../backend/networks.ts';

const check = (...input: Parameters<typeof checkGradients>) =>
  expect(checkGradients(...input).worst).toBeLessThan(1e-5);

test.each([...builtinCells.keys()])('%s', (name) => {
  check(network([builtin(name)]));
  check(network([builtin(name), builtin(name)], { embedding: 3 }), { batch: 3, dropout: 0.4 });
});

describe('what a cell can say', () => {
  const bodies: Record<string, string> = {
    'several lags': 'h[t] = tanh(W x[t] + U h[t-1] + V h[t-3] + b)',
    'a learned state': 'h[t] = tanh(W x[t] + U h[t-1] + V h[t-3])\nh[0] = learned',
    'a parameter in several places': 'h[t] = tanh(W x[t] + U h[t-1] + U h[t-2] + b) * b + b',
    'a product of a product': 'h[t] = tanh(W x[t] + U (V tanh(U h[t-1])))',
    'a function of parameters': 'h[t] = exp(a) * tanh(W x[t] + U h[t-1]) + sigmoid(a + b)',
    softmax: 'h[t] = softmax(W x[t] + U h[t-1])',
    'layer normalisation': 'h[t] = tanh(g * norm(W x[t] + U h[t-1]) + b)',
    'min, max, relu, abs': 'h[t] = clip(W x[t] + U h[t-1], -0.3, 0.4) + relu(h[t-1]) * min(a, abs(h[t-1]))',
    'powers and roots': 'h[t] = (2 + sin(h[t-1])^2)^0.5'.replace('sin', 'tanh'),
    'powers of parameters': 'h[t] = tanh(W x[t]) * (2 + tanh(h[t-1]))^p + sqrt(1 + h[t-1]^2)',
    'logarithms and quotients': 'h[t] = log(2 + exp(U h[t-1])) / (3 + tanh(W x[t])) - h[t-1] / 2',
    'only itself': 'h[t] = h[t-1] + tanh(W x[t])',
  };
  test.each(Object.entries(bodies))('%s', (_name, body) => {
    check(network([cell(`cell A\n${body}\n`)]), { steps: 5 });
    check(network([cell(`cell A\n${body}\n`), builtin('GRU')], { vocabulary: 4 }), { batch: 1 });
  });
});

test('a tied output layer', () => {
  check(network([builtin('LSTM')], { embedding: 4, tied: true }));
});

test('a window shorter than the lags', () => {
  check(network([cell('cell A\nh[t] = tanh(W x[t] + V h[t-5])\nh[0] = learned\n')]), { steps: 2 });
});
