import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { TrainableNetwork } from '../../src/backend/engine.ts';
import { startWasm } from '../../src/backend/wasm/engine.ts';
import { readCorpus } from '../../src/data/text/corpus.ts';
import { TextDataset } from '../../src/data/text/textDataset.ts';
import { completeTrain } from '../../src/language/optionTable.ts';
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
const options = completeTrain({ k1: 10, k2: 10, batch: 8, learningRate: 0.1 });

function lossOn(tokens: Int32Array, of: typeof weights): number {
  const shape = { batch: 1, steps: 1, optimizer: options.optimizer, dropout: 0, seed: 1 };
  const network = engine.train(architecture, shape, of);
  return network.evaluate(tokens.slice(0, -1), tokens.slice(1), 1);
}

const made = (steps = 10): TrainableNetwork =>
  engine.train(architecture, { batch: 8, steps, optimizer: options.optimizer, dropout: 0, seed: 1 }, weights);

test('the tail is known afterwards, and the run goes on where it was', () => {
  const network = made();
  const after = learnHeldOut(dataset, options, network, weights)!;
  expect(lossOn(corpus.heldOut, after)).toBeLessThan(0.8 * lossOn(corpus.heldOut, weights));
  expect(network.weights()).toEqual(weights);
});

test('a text that is too short for a window changes nothing', () =>
  expect(learnHeldOut(dataset, options, made(5000), weights)).toBeNull());

test.each([100, 1e30])(
  'where a learning rate of %d makes it worse, the tail is not learned',
  (learningRate) => {
    const network = made();
    const wild = completeTrain({ ...options, optimizer: 'sgd', clipping: 'none', learningRate });
    expect(learnHeldOut(dataset, wild, network, weights)).toBeNull();
    expect(network.weights()).toEqual(weights);
  },
);
