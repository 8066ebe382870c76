// By differences in 64 bits, the backward pass of encoder-decoders is the derivative of their forward pass, also
// through the encoder and through initial states that are computed; and padding changes nothing.
import { describe, expect, test } from 'vitest';
import type { Architecture, Stack } from '../../src/tape/architecture.ts';
import { initialWeights, parameters } from '../../src/tape/parameters.ts';
import { type CheckOptions, checkGradients, tolerance } from '../../src/tape/probing/checkGradients.ts';
import { random } from '../../src/tape/random.ts';
import { ScalarTraining } from '../../src/tape/scalar/scalarTraining.ts';
import { builtin, cell, network } from '../backend/networks.ts';

/** A gated recurrent unit that starts from what is given, and a cell that reads it at each step (Cho et al. 2014). */
const decoders = {
  'h[0] of what is given': cell('cell D\n h[t] = tanh(W x[t] + U h[t-1] + b)\n h[0] = tanh(A given + a)'),
  'h[0] of what is given, in the first units': cell(
    'cell D\n h[t] = tanh(W x[t] + U h[t-1] + V h[t-3])\n h[0] = sin(A given) first 2',
  ),
  'h[0] wider than the layer': cell('cell D\n h[t] = tanh(W x[t] + U h[t-1])\n h[0] = A given + a first 9'),
  'two states of what is given': cell(
    'cell D\n c[t] = c[t-1] * sigmoid(W x[t] + U h[t-1]) + tanh(V x[t])\n h[t] = tanh(c[t])\n c[0] = C given\n h[0] = tanh(c0 * (A given))',
  ),
  'given at each step': cell(
    'cell D\n z[t] = sigmoid(W_z x[t] + U_z h[t-1] + C_z given + b_z)\n h[t] = (1 - z[t]) * h[t-1] + z[t] * tanh(W x[t] + C given)\n h[0] = tanh(A given)',
  ),
  'given alone': cell('cell D\n h[t] = tanh(W x[t] + sum(given) * b + softmax(C given))'),
  'given as it is': cell(
    'cell D\n width h2 = x\n h2[t] = x[t]\n h[t] = tanh(W h2[t] + U h[t-1]) * sum(given * a)',
  ),
};

const attending = 'a[t,s] = softmax over s (e[t,s])\n c[t] = sum over s (a[t,s] * m[s])';
const gated =
  'z[t] = sigmoid(W_z x[t] + C_z c[t] + U_z h[t-1] + b_z)\n h[t] = z[t] * h[t-1] + (1 - z[t]) * tanh(W x[t] + C c[t] + U h[t-1] + b)';

const attentive = {
  'an additive score': cell(
    `cell A\n e[t,s] = v · tanh(W_a h[t-1] + U_a m[s] + b_a)\n ${attending}\n ${gated}\n h[0] = tanh(A given)`,
  ),
  'an additive score of several parts': cell(
    `cell A\n e[t,s] = v · tanh(W_a h[t-1] + V_a x[t] + b_a + U_a m[s] + Q_a (m[s] * k) + d_a)\n ${attending}\n ${gated}`,
  ),
  'a dot product': cell(`cell A\n e[t,s] = q[t] · m[s]\n q[t] = Q h[t-1]\n ${attending}\n ${gated}`),
  'a bilinear score': cell(
    `cell A\n e[t,s] = h[t-1] · (U_a m[s])\n ${attending}\n ${gated}\n h[0] = learned from 0.1`,
  ),
  'a score with a transpose': cell(`cell A\n e[t,s] = (U_aᵀ h[t-1]) · m[s]\n ${attending}\n ${gated}`),
  'a scaled dot product of keys': cell(
    'cell A\n k[s] = K m[s]\n v[s] = tanh(V m[s])\n e[t,s] = (Q h[t-1]) · k[s] / sqrt(4)\n a[t,s] = softmax over s (e[t,s])\n c[t] = sum over s (a[t,s] * v[s])\n h[t] = tanh(W x[t] + C c[t] + U h[t-1])',
  ),
  'a score after the step, beside the recurrence': cell(
    `cell A\n e[t,s] = h[t] · (U_a m[s])\n ${attending}\n h[t] = tanh(W x[t] + U h[t-1])\n o[t] = tanh(C c[t] + V h[t])\n output o[t]`,
  ),
  'a gate for each unit of each position': cell(
    'cell A\n q[t,s] = sigmoid(W_a h[t-1] * b_a + U_a m[s])\n p[t,s] = softmax over s (Q q[t,s] + given)\n c[t] = sum over s (p[t,s] * m[s])\n d[t] = sum over s (q[t,s] * 0.5)\n h[t] = tanh(W x[t] + C c[t] + D d[t] + U h[t-1])',
  ),
  'sums without weights': cell(
    'cell A\n n[s] = tanh(N m[s] + given)\n c[t] = sum over s (n[s]) * a + sum over s (b · n[s]) * sum over s (x[t] · (V m[s]))\n h[t] = tanh(W x[t] + C c[t] + U h[t-1])',
  ),
  'a softmax of positions alone': cell(
    'cell A\n a[s] = softmax over s (v · m[s] + sum(given))\n c[t] = sum over s (a[s] * m[s] * 2)\n h[t] = tanh(W x[t] + C c[t] + U h[t-1])',
  ),
  'a weight that has no position': cell(
    'cell A\n c[t] = sum over s (g[t] * tanh(N m[s] * h[t-1]))\n g[t] = sum(x[t]) * b\n width b = 1\n h[t] = tanh(W x[t] + C c[t] + U h[t-1])',
  ),
};

const bidirectional: Stack = {
  inputs: 4,
  embedding: 3,
  layers: [{ cell: builtin('GRU'), hidden: 3, bidirectional: true }],
};

const encoders: Record<string, Stack> = {
  'one direction': { inputs: 4, embedding: 0, layers: [{ cell: builtin('LSTM'), hidden: 3 }] },
  'both directions': bidirectional,
  'two layers': {
    inputs: 4,
    embedding: 2,
    layers: [
      { cell: builtin('GRU'), hidden: 2, bidirectional: true },
      {
        cell: cell('cell E\n h[t] = tanh(W x[t] + V x[t-1] + U h[t-2])\n h[0] = learned from 0.3'),
        hidden: 3,
      },
    ],
  },
  'a computed state': {
    inputs: 4,
    embedding: 0,
    layers: [
      {
        cell: cell('cell E\n h[t] = tanh(W x[t] + U h[t-1])\n h[0] = sin(a)'),
        hidden: 3,
        bidirectional: true,
      },
    ],
  },
  'an embedding alone': { inputs: 4, embedding: 3, layers: [] },
  numbers: { inputs: 2, input: 'numbers', embedding: 0, layers: [{ cell: builtin('GRU'), hidden: 3 }] },
};

function check(architecture: Architecture, options: CheckOptions): void {
  const { verdict, error, worst, perParameter } = checkGradients(architecture, options);
  const trained = parameters(architecture).filter((parameter) => parameter.trained);
  expect([...perParameter.keys()]).toEqual(trained.map(({ name }) => name));
  expect({ verdict, worst: verdict === 'right' ? '' : worst }).toEqual({ verdict: 'right', worst: '' });
  expect(error).toBeLessThanOrEqual(tolerance);
}

describe('an initial state that is computed, without an encoder', () => {
  test.each([
    'h[t] = tanh(W x[t] + U h[t-1])\nh[0] = tanh(a)',
    'h[t] = tanh(W x[t] + U h[t-1] + V h[t-3])\nh[0] = A tanh(a) * b first 2\nwidth a = 5',
    'h[t] = tanh(W x[t] + U h[t-1] + c[t-1])\nc[t] = h[t] * c[t-2]\nc[0] = exp(a)\nh[0] = learned from 0.2',
    'h[t] = U h[t-1]\nh[0] = a * a',
  ])('%s', (body) => {
    const one = cell(`cell A\n${body}`);
    check(network([one]), { batch: 2, steps: 4 });
    check(network([one, one], { embedding: 3 }), { batch: 3, steps: 5, dropout: 0.3 });
    const both = network([one]).layers.map((layer) => ({ ...layer, bidirectional: true }));
    check(network([], { layers: both }), { batch: 3, steps: 5, padded: true });
  });
});

describe.each(Object.entries(encoders))('an encoder of %s', (_, encoder) => {
  test.each(Object.entries(decoders))('with %s', (_, one) => {
    check(network([one], { encoder }), { batch: 3, steps: 4, positions: 5, padded: true });
    check(network([one, builtin('GRU')], { encoder, embedding: 3 }), {
      batch: 2,
      steps: 3,
      positions: 3,
      dropout: 0.3,
      seed: 3,
    });
  });
});

describe.each(['one direction', 'both directions', 'an embedding alone'])(
  'attention to an encoder of %s',
  (name) => {
    const encoder = encoders[name];
    test.each(Object.entries(attentive))('%s', (_, one) => {
      check(network([one], { encoder }), { batch: 3, steps: 3, positions: 5, padded: true });
      check(network([builtin('GRU'), one], { encoder, embedding: 3 }), {
        batch: 2,
        steps: 4,
        positions: 7,
        padded: true,
        dropout: 0.3,
        seed: 3,
      });
    });
  },
);

test('a window and a source that are shorter than the lags', () => {
  const one = decoders['h[0] of what is given, in the first units'];
  check(network([one], { encoder: encoders['two layers'] }), { batch: 2, steps: 2, positions: 1 });
});

test('a padded pair has the loss and the gradients of the pair alone', () => {
  const encoder = bidirectional;
  const architecture = network([decoders['given at each step']], { encoder });
  const [batch, steps, positions] = [3, 6, 7];
  const lengths = [
    [6, 4],
    [3, 7],
    [1, 1],
  ];
  const next = random(4);
  const draw = (length: number, at: 0 | 1, kinds: number) =>
    Int32Array.from({ length: batch * length }, (_, i) => {
      const token = Math.floor(next() * kinds);
      return i % length < lengths[Math.floor(i / length)][at] ? token : -1;
    });
  const [x, y, source] = [draw(steps, 0, 5), draw(steps, 0, 5), draw(positions, 1, 4)];
  const run = (rows: readonly number[], steps: number, positions: number) => {
    const of = (all: Int32Array, width: number, used: number) =>
      Int32Array.from(rows.flatMap((row) => [...all.subarray(row * width, row * width + used)]));
    const training = new ScalarTraining(architecture, {
      batch: rows.length,
      steps,
      positions,
      dropout: 0,
      seed: 1,
    });
    training.load(initialWeights(architecture, 2));
    const loss = training.run({
      x: of(x, 6, steps),
      y: of(y, 6, steps),
      source: of(source, 7, positions),
      fresh: true,
      countFrom: 0,
      scale: 1,
    });
    return { loss, gradients: parameters(architecture).map(({ name }) => [...training.gradient(name)]) };
  };
  const alone = lengths.map(([steps, positions], row) => run([row], steps, positions));
  const together = run([0, 1, 2], steps, positions);
  expect(together.loss).toBeCloseTo(
    alone.reduce((sum, { loss }) => sum + loss, 0),
    12,
  );
  for (const [index, gradient] of together.gradients.entries())
    for (const [i, value] of gradient.entries())
      expect(value).toBeCloseTo(
        alone.reduce((sum, { gradients }) => sum + gradients[index][i], 0),
        12,
      );
});
