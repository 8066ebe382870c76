// Compares a network that reads its own output with one that reads the true text.
import { beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../../src/backend/engine.ts';
import { startWasm } from '../../../src/backend/wasm/engine.ts';
import { surpriseOf } from '../../../src/completion/decoding/sampling.ts';
import { initialWeights } from '../../../src/tape/parameters.ts';
import { random } from '../../../src/tape/random.ts';
import { compareWithTeacherForcing, freeRun } from '../../../src/tasks/languageModel/freeRunning.ts';
import { cell, network, tokens } from '../../backend/networks.ts';
import { readKernels } from '../../kernels/modules.ts';

let engine: Engine;
beforeAll(async () => {
  engine = (await startWasm({ read: readKernels, threads: 1, spawn: null }))!;
});

const elman = cell('cell Elman\n  h[t] = tanh(W x[t] + U h[t-1] + b)\n');
const architecture = network([elman], { inputs: 5, outputs: 5 });
const predictor = () => engine.predict(architecture, initialWeights(architecture, 3));

test('with teacher forcing the losses are those of reading the text', () => {
  const network = predictor();
  // A text as long as one passage, so that all passages are the same.
  const text = tokens(56, 5, 1);
  const { forced, free } = compareWithTeacherForcing(network, text, random(1))!;
  const state = network.initial();
  const logits = new Float32Array(5);
  const losses: number[] = [];
  for (const [i, token] of text.entries()) {
    if (i >= 24) losses.push(surpriseOf(logits, token));
    network.next(state, token, state, logits);
  }
  expect(forced.length).toBe(32);
  for (const [k, loss] of forced.entries()) expect(loss).toBeCloseTo(losses[k], 2);
  // Before anything has been drawn, both have read the same.
  expect(free[0]).toBe(forced[0]);
  expect(free).not.toEqual(forced);
  network.dispose();
});

test('there is nothing to compare on a text shorter than a passage', () => {
  const network = predictor();
  expect(compareWithTeacherForcing(network, tokens(55, 5, 1), random(1))).toBeNull();
  network.dispose();
});

test('what is written depends on the seed alone', () => {
  const network = predictor();
  const write = (seed: number) =>
    freeRun(network, tokens(9, 5, 2), tokens(9, 5, 1), { temperature: 1, seed, length: 30 }).written;
  expect(write(1)).toHaveLength(30);
  expect(write(1)).toEqual(write(1));
  expect(write(2)).not.toEqual(write(1));
  network.dispose();
});

test('the surprise is −log₂ of softmax', () => {
  const logits = Float32Array.of(1, 2, 3);
  const sum = Math.exp(1) + Math.exp(2) + Math.exp(3);
  expect(surpriseOf(logits, 0)).toBeCloseTo(-Math.log2(Math.exp(1) / sum), 6);
});
