// By differences in 64 bits, the backward pass of bidirectional layers is the derivative of their forward pass,
// and padding changes nothing.
import { describe, expect, test } from 'vitest';
import type { Architecture, Layer } from '../../src/tape/architecture.ts';
import { initialWeights, parameters } from '../../src/tape/parameters.ts';
import { type CheckOptions, checkGradients } from '../../src/tape/probing/checkGradients.ts';
import { random } from '../../src/tape/random.ts';
import { ScalarTraining } from '../../src/tape/scalar/scalarTraining.ts';
import { builtin, cell, network, stackableCells } from '../backend/networks.ts';

const cells = {
  ...Object.fromEntries(stackableCells.map((name) => [name, builtin(name)])),
  'earlier inputs': cell('cell A\n h[t] = tanh(W x[t] + V x[t-1] + V x[t-2] + U h[t-1]) * sum(b)'),
  'several lags': cell('cell A\n h[t] = tanh(W x[t] + U h[t-1] + V h[t-3] + b)'),
  'a constant state': cell('cell A\n h[t] = tanh(W x[t] + U h[t-1] + V h[t-2])\n h[0] = 0.4 first 2'),
  'a learned state': cell('cell A\n h[t] = tanh(W x[t] + U h[t-1])\n h[0] = learned from 0.3'),
  'a state that is learned in part': cell('cell A\n h[t] = tanh(W x[t] + U h[t-1])\n h[0] = learned first 3'),
};
const causal = Object.entries(cells).filter(([, { outputLag }]) => outputLag === 0);

const both = (layer: Layer): Layer => ({ ...layer, bidirectional: true });

function bidirectional(architecture: Architecture): Architecture {
  return { ...architecture, layers: architecture.layers.map(both) };
}

const networks = (of: ReturnType<typeof cell>): readonly (readonly [Architecture, CheckOptions])[] => [
  [bidirectional(network([of])), { batch: 3, steps: 5, padded: true }],
  [bidirectional(network([of, of], { embedding: 3 })), { batch: 3, steps: 4, padded: true, seed: 3 }],
  [bidirectional(network([of], { head: { kind: 'pooled', pool: 'mean' } })), { padded: true, dropout: 0.3 }],
];

describe.each(causal)('%s', (_, of) => {
  test('has the right gradients', () => {
    for (const [architecture, options] of networks(of)) {
      const { verdict, worst, kinks } = checkGradients(architecture, options);
      expect({ verdict, kinks }, worst ?? '').toEqual({ verdict: 'right', kinks: 0 });
    }
  });

  test('gives a padded row the loss and the gradients of the row alone', () => {
    const architecture = bidirectional(network([of, of]));
    const [batch, steps] = [3, 7];
    const lengths = [7, 4, 1];
    const next = random(5);
    const token = () => Math.floor(next() * architecture.inputs);
    const x = Int32Array.from({ length: batch * steps }, (_, i) =>
      i % steps < lengths[Math.floor(i / steps)] ? token() : -1,
    );
    const y = x.map((value) => (value < 0 ? -1 : token()));
    const weights = initialWeights(architecture, 2);
    const run = (rows: number, length: number, [xs, ys]: readonly Int32Array[]) => {
      const training = new ScalarTraining(architecture, { batch: rows, steps: length, dropout: 0, seed: 1 });
      training.load(weights);
      const loss = training.run({ x: xs, y: ys, fresh: true, countFrom: 0, scale: 1 });
      const trained = parameters(architecture).filter((each) => each.trained);
      return { loss, gradients: trained.flatMap(({ name }) => [...training.gradient(name)]) };
    };
    const together = run(batch, steps, [x, y]);
    const alone = lengths.map((length, row) =>
      run(
        1,
        length,
        [x, y].map((tokens) => tokens.slice(row * steps, row * steps + length)),
      ),
    );
    expect(together.loss).toBeCloseTo(
      alone.reduce((sum, { loss }) => sum + loss, 0),
      10,
    );
    for (const [i, gradient] of together.gradients.entries())
      expect(gradient).toBeCloseTo(
        alone.reduce((sum, { gradients }) => sum + gradients[i], 0),
        10,
      );
  });
});
