import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { Architecture, Engine, Weights } from '../../../src/backend/engine.ts';
import { startWasm } from '../../../src/backend/wasm/engine.ts';
import { DynamicEvaluation, lessonLength } from '../../../src/completion/ensemble/dynamicEvaluation.ts';
import { readCorpus } from '../../../src/data/text/corpus.ts';
import { TextDataset } from '../../../src/data/text/textDataset.ts';
import { trainWithDefaults } from '../../../src/language/options/optionDefaults.ts';
import { gradientOptimizer } from '../../../src/language/options/options.ts';
import { initialWeights } from '../../../src/tape/parameters.ts';
import { learnHeldOut } from '../../../src/training/learnHeldOut.ts';
import { builtin, network } from '../../backend/networks.ts';

const engine: Engine = (await startWasm({
  read: (build) => readFile(join(import.meta.dirname, '../../../out/kernels', `${build}.wasm`)),
  threads: 1,
  spawn: null,
}))!;
const corpus = readCorpus('abcdefgh\n'.repeat(500));
const architecture: Architecture = {
  ...network([builtin('GRU')]),
  inputs: corpus.vocabulary.size,
  outputs: corpus.vocabulary.size,
};

let weights: Weights;

beforeEach(() => {
  const options = trainWithDefaults({ k1: 10, k2: 10, batch: 8, learningRate: 0.3 });
  const shape = { batch: 8, steps: 10, optimizer: gradientOptimizer(options.optimizer), dropout: 0, seed: 1 };
  const fresh = initialWeights(architecture, 1);
  const best = { weights: fresh, loss: 1, step: 1 };
  const ended = { best, learningRate: options.learningRate, clip: 5 };
  const dataset = new TextDataset(corpus);
  weights = learnHeldOut(dataset, options, engine.train(architecture, shape, fresh), ended).weights!;
});

const lesson = (text: string) => corpus.vocabulary.encode(text.repeat(20)).slice(0, lessonLength);

function start(text = corpus.heldOut) {
  const predictor = engine.predict(architecture, weights);
  const dynamicEvaluation = new DynamicEvaluation(engine, architecture, weights, predictor, text);
  /** Returns the mean bits per token of a text that the network reads. */
  const surprise = (tokens: Int32Array) => {
    const state = predictor.initial();
    const logits = new Float32Array(predictor.outputs);
    let bits = 0;
    for (const [at, token] of tokens.entries()) {
      const sum = logits.reduce((all, logit) => all + Math.exp(logit), 0);
      if (at > 0) bits += Math.log2(sum) - logits[token] / Math.LN2;
      predictor.next(state, token, state, logits);
    }
    return bits / (tokens.length - 1);
  };
  return { dynamicEvaluation, surprise };
}

test('what is typed again surprises less', () => {
  const { dynamicEvaluation, surprise } = start();
  const fresh = lesson('hgfedcba\n');
  const before = surprise(fresh);
  for (let i = 0; i < 4; i++) dynamicEvaluation.learn(fresh);
  expect(surprise(fresh)).toBeLessThan(before - 0.1);
  dynamicEvaluation.dispose();
});

test('what makes it forget the text is undone', () => {
  const { dynamicEvaluation, surprise } = start();
  const before = surprise(corpus.heldOut);
  const contrary = lesson('aaaaaaaaaaaaaaaa');
  for (let i = 0; i < 64; i++) dynamicEvaluation.learn(contrary);
  expect(surprise(corpus.heldOut)).toBeLessThan(1.2 * before);
  dynamicEvaluation.dispose();
});

test('without a text that could be forgotten, it learns all the same', () => {
  const { dynamicEvaluation, surprise } = start(new Int32Array(0));
  const fresh = lesson('hgfedcba\n');
  const before = surprise(fresh);
  for (let i = 0; i < 16; i++) dynamicEvaluation.learn(fresh);
  expect(surprise(fresh)).toBeLessThan(before);
  dynamicEvaluation.dispose();
});
