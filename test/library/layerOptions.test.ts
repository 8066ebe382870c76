// Compares the layer, under every option of a recurrent layer, with those of TensorFlow.js with the same
// weights.
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { beforeAll, expect, test } from 'vitest';
import { cells } from '../../src/library/cells.ts';
import { random } from '../../src/tape/random.ts';
import { readKernels } from '../kernels/modules.ts';
import { type Call, compareWithKeras, kerasCells } from './keras.ts';

let layer: Awaited<ReturnType<typeof cells>>['layer'];

beforeAll(async () => {
  await tf.setBackend('cpu');
  ({ layer } = await cells(tf, { read: readKernels }));
});

const either = [false, true];
const usual = { initialState: false, merge: null, batch: 3, steps: 4, inputs: 2, units: 3, seed: 1 } as const;
/** A mask of three rows that leaves out the middle of one, both ends of the next, and all of the last. */
const someMasked = [true, false, true, true, false, true, true, false, false, false, false, false];

test.each(
  kerasCells.flatMap((cell) =>
    [null, someMasked].flatMap((mask) => [null, 'concat' as const].map((merge) => ({ cell, mask, merge }))),
  ),
)('$cell, mask: $mask, merge: $merge; every other combination', ({ cell, mask, merge }) => {
  for (const returnSequences of either)
    for (const goBackwards of either)
      for (const returnState of either)
        for (const stateful of either)
          compareWithKeras(layer, {
            ...usual,
            ...{ cell, mask, merge, returnSequences, goBackwards, returnState, stateful },
          });
});

const plain: Call = {
  ...usual,
  ...{
    cell: 'LSTM',
    mask: null,
    returnSequences: true,
    goBackwards: false,
    returnState: true,
    stateful: false,
  },
};

test.each([
  ['initial states', { initialState: true }],
  ['initial states and a mask', { initialState: true, mask: someMasked }],
  ['initial states of two directions', { initialState: true, merge: 'sum' }],
  ['nothing but masked steps', { mask: [false] }],
  ['one row', { batch: 1, mask: [false, true, false, true] }],
] as const)('%s', (_, more) => compareWithKeras(layer, { ...plain, ...more }));

test('on the backend wasm', async () => {
  const wasm = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json');
  setWasmPaths(`${dirname(wasm)}/dist/`);
  await tf.setBackend('wasm');
  try {
    compareWithKeras(layer, { ...plain, mask: someMasked, merge: 'concat', stateful: true });
  } finally {
    await tf.setBackend('cpu');
  }
});

const lags = 'cell A\n h[t] = tanh(W x[t] + U h[t-1] + V h[t-3] + b)\n h[0] = learned from 0.5\n';
const ownOutput = 'cell A\n h[t] = tanh(W x[t] + U h[t-1])\n o[t] = V h[t]\n width o = 2\n output o[t]\n';

test.each([
  ['an earlier state', lags, 4],
  ['an output that is no state', ownOutput, 2],
])('%s: a masked step keeps the states and the output', (_, cell, outputs) => {
  tf.tidy(() => {
    const own = layer({ cell, units: 4, returnSequences: true, returnState: true });
    const x = tf.randomNormal([1, 6, 3], 0, 1, 'float32', 1) as tf.Tensor3D;
    const shown = [false, true, false, false, true, true];
    const mask = tf.tensor2d([shown.map(Number)], [1, 6], 'bool');
    const [y, ...states] = own.apply(x, { mask }) as tf.Tensor[];
    // These are the unmasked steps by themselves.
    const [dense, ...after] = own.apply(tf.gather(x, [1, 4, 5], 1)) as tf.Tensor[];
    const rows = dense.arraySync() as number[][][];
    const before = cell === lags ? Array(4).fill(0.5) : Array(outputs).fill(0);
    expect((y.arraySync() as number[][][])[0]).toEqual(
      [-1, 0, 0, 0, 1, 2].map((at) => (at < 0 ? before : rows[0][at])),
    );
    expect(states.map((state) => state.arraySync())).toEqual(after.map((state) => state.arraySync()));
  });
});

/** Returns sequences of words, padded with 0. */
const words = () => {
  const next = random(2);
  const length = [5, 3, 0, 1];
  return tf.tensor2d(
    length.map((most) => Array.from({ length: 5 }, (_, i) => (i < most ? 1 + Math.floor(next() * 4) : 0))),
  );
};

test('in a model: behind an embedding with maskZero, in both directions, saved and loaded', async () => {
  const model = tf.sequential({
    layers: [
      tf.layers.embedding({ inputDim: 5, outputDim: 3, maskZero: true }),
      tf.layers.bidirectional({
        layer: layer({ cell: lags, units: 4, returnSequences: true }) as unknown as tf.RNN,
        mergeMode: 'concat',
      }),
      layer({ cell: 'GRU', units: 2 }),
    ],
  });
  const x = words();
  const predict = (of: tf.LayersModel) => (of.predict(x) as tf.Tensor).arraySync() as number[][];
  const wanted = predict(model);
  // Padding behind the end of a sequence does not count: a shorter batch gives the same.
  const shorter = model.predict(tf.slice(x, [1, 0], [1, 3])) as tf.Tensor;
  for (const [i, each] of (shorter.arraySync() as number[][])[0].entries())
    expect(each).toBeCloseTo(wanted[1][i], 5);
  expect(wanted[2]).toEqual([0, 0]);
  let saved!: tf.io.ModelArtifacts;
  await model.save({
    save: async (artifacts) => {
      saved = artifacts;
      return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) };
    },
  });
  const loaded = await tf.loadLayersModel(
    tf.io.fromMemory({ ...saved, modelTopology: JSON.parse(JSON.stringify(saved.modelTopology)) }),
  );
  expect(predict(loaded)).toEqual(wanted);
});

test('in a model: states of one layer are the initial states of another, and it learns', async () => {
  const input = tf.input({ shape: [4, 2] });
  const [, ...states] = layer({ cell: 'LSTM', units: 3, returnState: true }).apply(
    input,
  ) as tf.SymbolicTensor[];
  const decoder = layer({ cell: 'LSTM', units: 3, returnSequences: true });
  const decoded = decoder.apply(input, { initialState: states }) as tf.SymbolicTensor;
  const model = tf.model({ inputs: input, outputs: decoded });
  const x = tf.randomUniform([6, 4, 2], -1, 1, 'float32', 1);
  const y = tf.mul(tf.sum(x, [1, 2]).reshape([6, 1, 1]), tf.ones([6, 4, 3])).tanh();
  model.compile({ optimizer: tf.train.adam(0.05), loss: 'meanSquaredError' });
  const { history } = await model.fit(x, y, { epochs: 40, verbose: 0 });
  expect(history.loss.at(-1)).toBeLessThan((history.loss[0] as number) / 3);
});

test('stateful in a model: it learns, goes on, is reset, and leaves no tensor behind', async () => {
  const start = tf.memory().numTensors;
  const model = tf.sequential({
    layers: [
      layer({ cell: 'GRU', units: 3, stateful: true, batchInputShape: [2, 4, 1] }),
      tf.layers.dense({ units: 1 }),
    ],
  });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const x = tf.ones([2, 4, 1]);
  const y = tf.ones([2, 1]);
  const predict = () => tf.tidy(() => [...(model.predict(x, { batchSize: 2 }) as tf.Tensor).dataSync()]);
  const fresh = predict();
  expect(predict()).not.toEqual(fresh);
  model.resetStates();
  expect(predict()).toEqual(fresh);
  await model.fit(x, y, { batchSize: 2, epochs: 2, verbose: 0 });
  const tensors = tf.memory().numTensors;
  await model.fit(x, y, { batchSize: 2, epochs: 3, verbose: 0 });
  expect(tf.memory().numTensors).toBe(tensors);
  tf.dispose([x, y]);
  model.resetStates();
  model.dispose();
  (model.optimizer as tf.Optimizer).dispose();
  expect(tf.memory().numTensors).toBe(start);
});

test('what is wrong is said', () => {
  const x = tf.zeros([2, 4, 3]);
  const make = (more: object) => layer({ cell: 'LSTM', units: 3, ...more });
  expect(() => make({ activation: 'relu', dropout: 0.1 })).toThrow(
    'The layer does not know `activation`, `dropout`: what is computed in a step stands in the text of its cell.',
  );
  expect(() => make({ name: 'a' }).resetStates()).toThrow('The layer a keeps no states');
  expect(() => make({ name: 'a' }).apply(x, { initialState: [tf.zeros([2, 3])] })).toThrow(
    'The states of a for 2 rows are c[t-1], h[t-1]: [2, 3], [2, 3], not [2, 3].',
  );
  expect(() => make({}).apply(x, { mask: tf.zeros([2, 5], 'bool') })).toThrow(
    'The mask of LSTM is [2, 4], as the sequence is, not [2, 5].',
  );
  const stateful = make({ name: 'b', stateful: true });
  stateful.apply(x);
  expect(() => stateful.apply(tf.zeros([3, 4, 3]))).toThrow(
    'call `resetStates()` before a batch of another size.',
  );
});
