// By differences in 64 bits, forward mode is the product of a network's Jacobian with a direction; and it is the
// transpose of the backward mode.
import { describe, expect, test } from 'vitest';
import type { Architecture, LookupTables } from '../../src/backend/engine.ts';
import { cellsWithoutEncoder } from '../../src/cells/index.ts';
import { random } from '../../src/tape/random.ts';
import { builtin, cell, functionsOfOne, network } from '../backend/networks.ts';
import { Linearised, type LinearisedOptions } from './linearised.ts';

const drawn = (length: number, seed: number) => {
  const next = random(seed);
  return Float64Array.from({ length }, () => 2 * next() - 1);
};
const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);
const largest = (values: Float64Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

function check(
  architecture: Architecture,
  options: LinearisedOptions = { batch: 2, steps: 4 },
  tables: LookupTables | null = null,
): void {
  const linearised = new Linearised(architecture, options, tables);
  const v = drawn(linearised.count, 3);
  const forward = linearised.product(v);
  const width = 1e-5;
  linearised.move(v, width);
  const above = linearised.logits();
  linearised.move(v, -2 * width);
  const below = linearised.logits();
  linearised.move(v, width);
  const differences = above.map((value, i) => (value - below[i]) / (2 * width));
  const scale = largest(differences);
  expect(scale).toBeGreaterThan(1e-3);
  for (const [i, value] of forward.entries())
    expect(Math.abs(value - differences[i]) / scale, `logit ${i}`).toBeLessThan(1e-5);

  const u = drawn(linearised.outputs, 4);
  const [one, other] = [dot(u, forward), dot(linearised.transposed(u), v)];
  expect(Math.abs(one - other) / Math.abs(one)).toBeLessThan(1e-9);
}

test.each([...cellsWithoutEncoder.keys()])('%s', (name) => {
  const one = builtin(name);
  check(network([one]));
  if (one.distribution) return;
  check(network([one, one], { embedding: 3 }), { batch: 3, steps: 5, dropout: 0.4, seed: 2 });
});

describe('what a cell can say', () => {
  const bodies: Record<string, string> = {
    'several lags': 'h[t] = tanh(W x[t] + U h[t-1] + V h[t-3] + b)',
    'a learned state': 'h[t] = tanh(W x[t] + U h[t-1] + V h[t-3])\nh[0] = learned',
    'a computed state':
      'h[t] = tanh(W x[t] + U h[t-1] + V c[t-2])\nc[t] = tanh(A h[t-1])\nh[0] = tanh(B a + b)\nc[0] = sin(a) first 2',
    'a state that is learned in part': 'h[t] = tanh(W x[t] + U h[t-1])\nh[0] = learned from 0.3 first 2',
    'a parameter in several places': 'h[t] = tanh(W x[t] + U h[t-1] + U h[t-2] + b) * b + b',
    'a function of parameters': 'h[t] = exp(a) * tanh(W x[t] + U h[t-1]) + sigmoid(a + b)',
    "the network's output": 'h[t] = σ(W x[t] + U y[t-1] + V y[t-2] + b)',
    'earlier inputs': 'h[t] = tanh(W x[t] + V x[t-1] + V x[t-3] + U h[t-1] + A (x[t-1] * x[t-2]))',
    'a sum over the units': 'h[t] = tanh(W x[t] + U h[t-1]) * sum(h[t-1] * b) + sum(softmax(b)) * c',
    'trained numbers':
      'h[t] = a * tanh(W x[t] + U h[t-1]) + n[t-1]\nn[t] = a * n[t-1] + sum(b * h[t])\nwidth a, n = 1\ninit a = 0.7\nn[0] = learned from 0.2',
    'a matrix and its transpose': 'h[t] = tanh(W x[t] + U h[t-1] + Uᵀ h[t-2] + W (V^T (V x[t-1])))',
    'stochastic matrices': 'h[t] = tanh(W x[t] + U h[t-1] + V (U h[t-2]) + Vᵀ b)\nstochastic W, U',
    'a state that another one hands on':
      'c[t] = tanh(W x[t] + U h[t-1])\nd[t] = c[t-2]\nh[t] = d[t-1] + c[t]',
  };
  test.each(Object.entries(bodies))('%s', (_, body) => {
    const one = cell(`cell Test\n  ${body.replaceAll('\n', '\n  ')}\n`);
    check(network([one]), { batch: 2, steps: 6 });
    check(network([one, one]), { batch: 2, steps: 6, seed: 5 });
  });

  test.each(functionsOfOne)('%s', (name) => {
    // Every function is smooth around 1.5.
    const one = cell(`cell Test\n  h[t] = ${name}(1.5 + 0.3 * tanh(W x[t] + U h[t-1] + b))\n`);
    check(network([one]));
  });
  test.each(['max(v, w)', 'min(v, w)', 'v ^ w', 'v / w', 'v - w', '-v * w'])('%s', (expression) =>
    check(
      network([
        cell(
          `cell Test\n  v[t] = 1.5 + tanh(W x[t] + U h[t-1])\n  w[t] = 1.2 + tanh(V x[t] + b)\n  h[t] = ${expression.replaceAll(/\b[vw]\b/g, '$&[t]')}\n`,
        ),
      ]),
    ),
  );
});

describe('around the cells', () => {
  const gru = builtin('GRU');
  test('an embedding that is the output layer, too', () =>
    check(network([gru], { embedding: 4, tied: true })));
  test('several tokens a step', () => check(network([gru], { embedding: 3, tokensPerStep: 3 })));
  test.each(['mean', 'max'] as const)('pooled by the %s', (pool) =>
    check(network([gru], { head: { kind: 'pooled', pool } })),
  );
  test('read from both ends', () => {
    const learned = cell('cell Test\n  h[t] = tanh(W x[t] + U h[t-1] + V h[t-2])\n  h[0] = learned\n');
    for (const one of [gru, learned])
      check(network([], { layers: [{ cell: one, hidden: 4, bidirectional: true }] }), { batch: 3, steps: 5 });
  });
  test('numbers', () => {
    const tables = { inputs: Float32Array.from(drawn(18, 1)), targets: Float32Array.from(drawn(12, 2)) };
    const numbers = { inputs: 3, outputs: 2, input: 'numbers', likelihood: 'gaussian' } as const;
    check(network([gru, builtin('Jordan')], numbers), { batch: 2, steps: 5 }, tables);
  });
});
