import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { TrainableNetwork } from '../../src/backend/engine.ts';
import { startWasm } from '../../src/backend/wasm/engine.ts';
import { readCorpus } from '../../src/data/text/corpus.ts';
import { TextDataset } from '../../src/data/text/textDataset.ts';
import { trainWithDefaults } from '../../src/language/options/optionDefaults.ts';
import { type GradientOptimizer, gradientOptimizer } from '../../src/language/options/options.ts';
import { initialWeights } from '../../src/tape/parameters.ts';
import { learnHeldOut } from '../../src/training/learnHeldOut.ts';
import { builtin, network } from '../backend/networks.ts';

const engine = (await startWasm({
  read: (build) => readFile(join(import.meta.dirname, '../../out/kernels', `${build}.wasm`)),
  threads: 1,
  spawn: null,
}))!;

/** A corpus whose held-out part has words that the training part lacks. */
const corpus = readCorpus(`${'abcdefgh\n'.repeat(900)}${'xyzzy\n'.repeat(140)}`);
const dataset = new TextDataset(corpus);
const architecture = {
  ...network([builtin('GRU')]),
  inputs: corpus.vocabulary.size,
  outputs: corpus.vocabulary.size,
};
const weights = initialWeights(architecture, 1);
const options = trainWithDefaults({ k1: 10, k2: 10, batch: 8, learningRate: 0.1 });
const optimizer = gradientOptimizer(options.optimizer);

function lossOn(tokens: Int32Array, of: typeof weights): number {
  const shape = { batch: 1, steps: 1, optimizer, dropout: 0, seed: 1 };
  const network = engine.train(architecture, shape, of);
  return network.evaluate(tokens.slice(0, -1), tokens.slice(1), 1);
}

const made = (kind: GradientOptimizer = optimizer, steps = 10): TrainableNetwork =>
  engine.train(architecture, { batch: 8, steps, optimizer: kind, dropout: 0, seed: 1 }, weights);

/** The state that a run hands over at its end. */
const ended = { best: { weights, loss: 1, step: 1 }, learningRate: options.learningRate, clip: 5 };

test('the tail is known afterwards, and the run goes on where it was', () => {
  const network = made();
  const after = learnHeldOut(dataset, options, network, ended);
  expect(after.remark).toBeNull();
  expect(lossOn(corpus.heldOut, after.weights!)).toBeLessThan(0.8 * lossOn(corpus.heldOut, weights));
  expect(network.weights()).toEqual(weights);
});

test('a text that is too short for a window changes nothing', () =>
  expect(learnHeldOut(dataset, options, made(optimizer, 5000), ended)).toEqual({
    weights: null,
    remark: null,
  }));

test.each([
  [100, 0, /the loss on it did not fall/],
  [1e30, 0, /diverged/],
  // The penalty alone multiplies all weights by -14 in every update.
  [1, 100, /diverged/],
])(
  'at a learning rate of %d and an L2 penalty of %d, the tail is not learned, and a sentence says so',
  (learningRate, l2, sentence) => {
    const network = made({ kind: 'sgd' });
    const wild = { ...ended, learningRate, clip: Number.POSITIVE_INFINITY };
    const after = learnHeldOut(dataset, { ...options, l2 }, network, wild);
    expect(after.weights).toBeNull();
    expect(after.remark).toMatch(sentence);
    expect(network.weights()).toEqual(weights);
  },
);

test('a readout that was solved learns nothing by steps', () => {
  const solved = { ...options, optimizer: { kind: 'ridge', penalty: 1 } } as const;
  expect(learnHeldOut(dataset, solved, made(), ended)).toEqual({ weights: null, remark: null });
});

test('weights that have exploded are not kept, even if the loss that they have is lower', () => {
  const network = made();
  let evaluations = 0;
  const fake: TrainableNetwork = Object.assign(Object.create(network), {
    shape: network.shape,
    aside: <T>(work: () => T) => work(),
    load() {},
    reset() {},
    step: () => ({ loss: 0, gradientNorm: 0 }),
    evaluate: () => 1 - evaluations++,
    weights: () => new Map([['output.b', { shape: [1], data: Float32Array.of(1e13) }]]),
  });
  const after = learnHeldOut(dataset, options, fake, ended);
  expect(evaluations).toBe(2);
  expect(after).toEqual({ weights: null, remark: expect.stringMatching(/diverged/) });
});
