// Tests a cell as a layer of TensorFlow.js, against its own layer and in a model that learns.
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { cells } from '../../src/library/cells.ts';
import { random } from '../../src/tape/random.ts';
import { readKernels } from '../kernels/modules.ts';

let layer: Awaited<ReturnType<typeof cells>>['layer'];

beforeAll(async () => {
  await tf.setBackend('cpu');
  ({ layer } = await cells(tf, { read: readKernels }));
});

/** Returns a random tensor of shape [2 × 7 × 3]. */
const sequence = () => {
  const next = random(1);
  return tf.tensor3d(
    Float32Array.from({ length: 2 * 7 * 3 }, () => next() - 0.5),
    [2, 7, 3],
  );
};

test.each([true, false])('an LSTM as that of TensorFlow.js, returnSequences: %s', (returnSequences) => {
  tf.tidy(() => {
    const x = sequence();
    const own = layer({ cell: 'LSTM', units: 4, returnSequences, seed: 3 });
    const y = own.apply(x) as tf.Tensor;
    const weights = new Map(own.weights.map((each) => [each.originalName.split('/').at(-1)!, each.read()]));
    const theirs = tf.layers.lstm({ units: 4, returnSequences, recurrentActivation: 'sigmoid' });
    theirs.apply(x);
    // The order of the gates in their kernel.
    const joined = (letter: string) =>
      tf.concat(['i', 'f', 'g', 'o'].map((gate) => weights.get(`${letter}_${gate}`)!));
    theirs.setWeights([joined('W').transpose(), joined('U').transpose(), joined('b')]);
    const wanted = theirs.apply(x) as tf.Tensor;
    expect(y.shape).toEqual(wanted.shape);
    expect(tf.max(tf.abs(tf.sub(y, wanted))).dataSync()[0]).toBeLessThan(1e-5);
  });
});

/** Returns sequences, and whether the first and last number of each have the same sign, to be remembered. */
function examples(count: number) {
  const next = random(5);
  const x = Float32Array.from({ length: count * 6 }, () => (next() < 0.5 ? -1 : 1));
  const y = Float32Array.from({ length: count }, (_, i) => Number(x[i * 6] === x[i * 6 + 5]));
  return { x: tf.tensor3d(x, [count, 6, 1]), y: tf.tensor2d(y, [count, 1]) };
}

const gated =
  'cell Gated\n z[t] = σ(W_z x[t] + U_z h[t-1] + b_z)\n h[t] = z[t] * h[t-1] + (1 - z[t]) * tanh(W x[t] + U h[t-2] + b)\n h[0] = learned\n';

test.each([
  ['LSTM', 'adam'],
  [gated, 'rmsprop'],
] as const)('a model with %j learns by %s', async (cell, optimizer) => {
  const model = tf.sequential();
  model.add(layer({ cell, units: 12, inputShape: [6, 1], returnSequences: true }));
  model.add(layer({ cell, units: 8 }));
  model.add(tf.layers.dense({ units: 1, activation: 'sigmoid' }));
  const make = { adam: tf.train.adam, rmsprop: tf.train.rmsprop }[optimizer];
  model.compile({ optimizer: make(0.02), loss: 'binaryCrossentropy', metrics: ['accuracy'] });
  const { x, y } = examples(70);
  // 70 = 2·32 + 6: the last batch of an epoch is smaller.
  const fit = (epochs: number) => model.fit(x, y, { epochs, batchSize: 32, shuffle: false, verbose: 0 });
  await fit(1);
  const before = tf.memory().numTensors;
  const { history } = await fit(60);
  expect(history.acc.at(-1)).toBe(1);
  expect(tf.memory().numTensors).toBe(before);
  model.dispose();
  tf.dispose([x, y]);
});

test('what is fixed is not trained, and what is learned is', () => {
  const trained = (cell: string) => {
    const own = layer({ cell, units: 4 });
    tf.tidy(() => void own.apply(sequence()));
    return own.trainableWeights.map(({ originalName }) => originalName.split('/').at(-1));
  };
  expect(trained('EchoState')).toEqual([]);
  expect(trained('cell A\n h[t] = tanh(W x[t] + U h[t-1])\n h[0] = learned\n fixed U\n')).toEqual([
    'W',
    'h.0',
  ]);
});

test('a model with a cell is saved and loaded', async () => {
  const model = tf.sequential({
    layers: [layer({ cell: gated, units: 4, inputShape: [7, 3], returnSequences: true })],
  });
  let saved!: tf.io.ModelArtifacts;
  await model.save({
    save: async (artifacts) => {
      saved = artifacts;
      return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) };
    },
  });
  // The topology is JSON, as it comes from a file.
  const loaded = await tf.loadLayersModel(
    tf.io.fromMemory({ ...saved, modelTopology: JSON.parse(JSON.stringify(saved.modelTopology)) }),
  );
  const x = sequence();
  const [wanted, found] = [model, loaded].map((each) => (each.predict(x) as tf.Tensor).dataSync());
  expect(found).toEqual(wanted);
});
