// Compares bidirectional layers of the compiled engine with the reference, and the reference with the
// bidirectional layer of TensorFlow.js.
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Engine, TrainingShape, Update } from '../../src/backend/engine.ts';
import { unrollNetwork } from '../../src/backend/tfjs/unroll.ts';
import type { Architecture, Layer } from '../../src/tape/architecture.ts';
import { initialise } from '../../src/tape/initialise.ts';
import { parameters as describeParameters, initialWeights, type Weights } from '../../src/tape/parameters.ts';
import { random } from '../../src/tape/random.ts';
import { startEngines } from './engines.ts';
import { builtin, cell, network, stackableCells, tokens } from './networks.ts';

let reference: Engine;
let compiled: readonly Engine[];

beforeAll(async () => {
  ({ reference, compiled } = await startEngines());
});

const batch = 3;
const shape: TrainingShape = { batch, steps: 7, optimizer: { kind: 'sgd' }, dropout: 0, seed: 1 };
const update: Update = { learningRate: 0.5, clip: Number.POSITIVE_INFINITY, l1: 0, l2: 0, carry: 0 };
const both = (layer: Layer): Layer => ({ ...layer, bidirectional: true });
const bidirectional = (architecture: Architecture): Architecture => ({
  ...architecture,
  layers: architecture.layers.map(both),
});

/** Returns initial weights, moved away from the zeros that initialisers leave. */
function weightsOf(architecture: Architecture): Weights {
  const next = random(7);
  const weights = initialWeights(architecture, 3);
  for (const { data } of weights.values())
    for (let i = 0; i < data.length; i++) data[i] += (next() - 0.5) * 0.2;
  return weights;
}

/** Returns rows of the given lengths, padded to the longest, with a target at some of their steps. */
function padded({ inputs, outputs }: Architecture, lengths: readonly number[], seed: number) {
  const steps = Math.max(...lengths);
  const inside = (i: number) => i % steps < lengths[Math.floor(i / steps)];
  const x = tokens(lengths.length * steps, inputs, seed).map((token, i) => (inside(i) ? token : -1));
  const y = tokens(lengths.length * steps, outputs, seed + 50).map((token, i) =>
    inside(i) && i % 3 !== 1 ? token : -1,
  );
  return { x, y };
}

const batches = [
  [7, 4, 2],
  [3, 3, 1],
  [5, 1, 5],
];

const cells = {
  ...Object.fromEntries(stackableCells.map((name) => [name, builtin(name)])),
  'earlier inputs': cell('cell A\n h[t] = tanh(W x[t] + V x[t-1] + V x[t-2] + U h[t-1]) * sum(b)'),
  'several lags': cell('cell A\n h[t] = tanh(W x[t] + U h[t-1] + V h[t-3] + b)'),
  'a constant state': cell('cell A\n h[t] = tanh(W x[t] + U h[t-1] + V h[t-2])\n h[0] = 0.4 first 2'),
  'a state that is learned in part': cell('cell A\n h[t] = tanh(W x[t] + U h[t-1])\n h[0] = learned first 3'),
};
const causal = Object.entries(cells).filter(([, { outputLag }]) => outputLag === 0);

describe.each(causal)('%s is as in the reference, to 1e-4', (_, of) => {
  const networks: readonly [Architecture, Partial<TrainingShape>][] = [
    [bidirectional(network([of])), {}],
    [bidirectional(network([of, of], { inputs: 6, outputs: 3, embedding: 3 })), { dropout: 0.3 }],
    [bidirectional(network([of], { head: { kind: 'pooled', pool: 'max' } })), {}],
    [
      { ...network([of, of]), layers: network([of, of]).layers.map((layer, i) => (i ? layer : both(layer))) },
      {},
    ],
  ];
  test.each(networks)('network %#', (architecture, more) => {
    const weights = weightsOf(architecture);
    const engines = [reference, ...compiled].map((each) =>
      each.train(architecture, { ...shape, ...more }, weights),
    );
    const [expected, ...actual] = engines;
    for (const [step, lengths] of batches.entries()) {
      const { x, y } = padded(architecture, lengths, step);
      const [wanted, ...found] = engines.map((each) => {
        each.reset();
        return each.step(x, y, update);
      });
      for (const { loss, gradientNorm } of found) {
        expect(loss).toBeCloseTo(wanted.loss, 4);
        expect(gradientNorm).toBeCloseTo(wanted.gradientNorm, 4);
      }
    }
    const found = actual.map((each) => each.weights());
    for (const [name, { data }] of expected.weights())
      for (const [i, value] of data.entries())
        for (const weights of found) expect(weights.get(name)!.data[i], name).toBeCloseTo(value, 4);
    for (const lengths of [
      [7, 4, 2],
      [5, 2],
      [40, 33, 2, 19],
    ]) {
      const { x, y } = padded(architecture, lengths, 9);
      const [wanted, ...found] = engines.map((each) => each.evaluate(x, y, lengths.length));
      for (const each of found)
        expect(Math.abs(each - wanted) / Math.max(1e-3, Math.abs(wanted))).toBeLessThan(1e-4);
    }
    for (const each of engines) each.dispose();
  });
});

const layers = {
  // The order of the gates in the layer's kernel.
  LSTM: { gates: ['i', 'f', 'g', 'o'], make: tf.layers.lstm },
  GRU: { gates: ['z', 'r', 'g'], make: tf.layers.gru },
};

describe.each(['LSTM', 'GRU'] as const)('%s', (name) => {
  test.each([
    [1, 1],
    [3, 7],
    [5, 4],
  ])('%i rows of %i steps: outputs and gradients as in tf.layers.bidirectional', (rows, steps) => {
    const hidden = 5;
    const architecture = bidirectional(network([builtin(name)], { inputs: 6, outputs: 6 }));
    const wide: Architecture = { ...architecture, layers: [both({ cell: builtin(name), hidden })] };
    const next = random(7);
    const descriptions = describeParameters(wide);
    const values = new Map(
      descriptions.map(({ name, shape }) => [
        name,
        tf.tensor(initialise({ kind: 'normal', deviation: 0.5 }, shape, next), [...shape]),
      ]),
    );
    const x = tokens(rows * steps, 6, 1);
    const own = (...tensors: tf.Tensor[]) => {
      const named = new Map(descriptions.map(({ name }, i) => [name, tensors[i]]));
      return unrollNetwork(wide, named, x, rows, null, { carry: steps, dropout: null }).logits;
    };
    const { gates, make } = layers[name];
    const layer = tf.layers.bidirectional({
      layer: make({ units: hidden, recurrentActivation: 'sigmoid', returnSequences: true }),
      mergeMode: 'concat',
    });
    const input = tf.oneHot(tf.tensor2d(x, [rows, steps], 'int32'), 6).toFloat();
    // The first call creates the weights, which can only then be set.
    layer.apply(input);
    const directions = ['forward', 'backward'];
    const joined = (of: ReadonlyMap<string, tf.Tensor>, direction: string, letter: string) =>
      tf.concat(gates.map((gate) => of.get(`layers.0.${direction}.${letter}_${gate}`)!));
    layer.setWeights(
      directions.flatMap((direction) => [
        joined(values, direction, 'W').transpose(),
        joined(values, direction, 'U').transpose(),
        joined(values, direction, 'b'),
      ]),
    );
    const theirs = () => {
      // The outputs are ordered step by step, as our logits are.
      const h = tf.transpose(layer.apply(input) as tf.Tensor3D, [1, 0, 2]).reshape([-1, 2 * hidden]);
      const product = tf.matMul(h as tf.Tensor2D, values.get('output.W') as tf.Tensor2D, false, true);
      return tf.add(product, values.get('output.b')!);
    };
    close(own(...values.values()), theirs());

    const loss = (logits: tf.Tensor) => tf.mean(tf.square(logits)).asScalar();
    const ownGradients = tf.grads((...tensors) => loss(own(...tensors)))([...values.values()]);
    const gradientOf = new Map(descriptions.map(({ name }, i) => [name, ownGradients[i]]));
    const { grads } = tf.variableGrads(() => loss(theirs()));
    const theirGradients = layer.trainableWeights.map(
      ({ originalName }) => grads[Object.keys(grads).find((key) => key.startsWith(originalName))!],
    );
    const ownInTheirOrder = directions.flatMap((direction) => [
      joined(gradientOf, direction, 'W').transpose(),
      joined(gradientOf, direction, 'U').transpose(),
      joined(gradientOf, direction, 'b'),
    ]);
    expect(theirGradients).toHaveLength(ownInTheirOrder.length);
    for (const [i, gradient] of theirGradients.entries()) close(ownInTheirOrder[i], gradient);
  });
});

function close(found: tf.Tensor, wanted: tf.Tensor): void {
  expect(found.shape).toEqual(wanted.shape);
  expect(tf.max(tf.abs(tf.sub(found, wanted))).arraySync()).toBeLessThan(1e-5);
}
