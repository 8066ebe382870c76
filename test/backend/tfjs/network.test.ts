// Compares the reference engine's gradients with central differences, and its steps with its own evaluation.
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Architecture, Engine, TrainingShape, Weights } from '../../../src/backend/engine.ts';
import { startTfjs } from '../../../src/backend/tfjs/engine.ts';
import { initialise } from '../../../src/tape/initialise.ts';
import { initialWeights, parameters } from '../../../src/tape/parameters.ts';
import { random } from '../../../src/tape/random.ts';
import { builtin, cell, network, stackableCells, tokens } from '../networks.ts';

let engine: Engine;

beforeAll(async () => {
  ({ engine } = await startTfjs('', 'cpu'));
});

const batch = 2;
const steps = 5;
const shape: TrainingShape = { batch, steps, optimizer: { kind: 'sgd' }, dropout: 0, seed: 1 };
const update = { learningRate: 1, clip: Number.POSITIVE_INFINITY, l1: 0, l2: 0, carry: steps };

/** Returns the gradient of the mean cross-entropy: what one step of gradient descent subtracts. */
function gradient(architecture: Architecture, weights: Weights, x: Int32Array, y: Int32Array, more = {}) {
  const trained = engine.train(architecture, shape, weights);
  try {
    const { gradientNorm, loss } = trained.step(x, y, { ...update, ...more });
    const after = trained.weights();
    const gradients = new Map(
      [...weights].map(([name, { data }]) => [name, data.map((w, i) => w - after.get(name)!.data[i])]),
    );
    return { gradients, gradientNorm, loss };
  } finally {
    trained.dispose();
  }
}

function lossAt(architecture: Architecture, weights: Weights, x: Int32Array, y: Int32Array): number {
  const evaluated = engine.train(architecture, shape, weights);
  try {
    return evaluated.evaluate(x, y, batch);
  } finally {
    evaluated.dispose();
  }
}

/**
 * Returns the worst relative error of a parameter's gradient, as a vector, against central differences. The
 * noise of a loss in 32 bits requires a wide step, the kink of a relu a narrow one: the better of two counts.
 */
function worstError(architecture: Architecture): number {
  return Math.min(worstErrorAt(architecture, 1e-2), worstErrorAt(architecture, 4e-2));
}

/** Returns weights that are spread wide, because near zero the noise of the loss hides the gradient. */
function spreadWeights(architecture: Architecture): Weights {
  const next = random(3);
  return new Map(
    parameters(architecture).map(({ name, shape }) => [
      name,
      { shape, data: initialise({ kind: 'normal', deviation: 0.6 }, shape, next) },
    ]),
  );
}

function worstErrorAt(architecture: Architecture, step: number): number {
  const weights = spreadWeights(architecture);
  const x = tokens(batch * steps, architecture.inputs, 1);
  const y = tokens(batch * steps, architecture.outputs, 2);
  const { gradients } = gradient(architecture, weights, x, y);
  let worst = 0;
  for (const [name, analytic] of gradients) {
    const { data } = weights.get(name)!;
    const numeric = data.map((w, i) => {
      const at = (value: number) => {
        data[i] = value;
        return lossAt(architecture, weights, x, y);
      };
      const slope = (at(w + step) - at(w - step)) / (2 * step);
      data[i] = w;
      return slope;
    });
    const norm = Math.hypot(...analytic);
    const error = Math.hypot(...analytic.map((dy, i) => dy - numeric[i]));
    // A cell such as the Babylonian may leave the loss where it is, whatever a parameter does.
    worst = Math.max(worst, norm === 0 ? error : error / norm);
  }
  return worst;
}

describe('gradients agree with central differences to 1e-2 in 32 bits', () => {
  // Cells with fixed parameters are left out: the loss has a slope in them, but a step does not change them.
  const trainable = stackableCells.filter((name) => builtin(name).parameters.every(({ trained }) => trained));

  test.each(trainable)('%s', (name) => {
    expect(worstError(network([builtin(name)]))).toBeLessThan(1e-2);
  });

  test.each<[string, Architecture]>([
    ['two layers of different cells', network([builtin('LSTM'), builtin('GRU')])],
    ['an embedding', network([builtin('GRU')], { embedding: 3 })],
    ['a tied output', network([builtin('GRU')], { embedding: 4, tied: true })],
    ['a lag of two', network([cell('cell C\n  h[t] = tanh(W x[t] + U h[t-1] + V h[t-2])')])],
    ['a learned start', network([cell('cell C\n  h[t] = tanh(W x[t] + U h[t-1])\n  h[0] = learned')])],
    [
      'layer normalisation',
      network([cell('cell C\n  h[t] = tanh(g * norm(W x[t] + U h[t-1]) + b)\n  init g = 1')]),
    ],
  ])('%s', (_, architecture) => {
    expect(worstError(architecture)).toBeLessThan(1e-2);
  });
});

describe('a step', () => {
  const architecture = network([builtin('LSTM')]);
  const weights = initialWeights(architecture, 1);
  const x = tokens(batch * steps, 5, 5);
  const y = tokens(batch * steps, 5, 6);

  test('reports the loss before the update and the norm of its gradient', () => {
    const { loss, gradientNorm, gradients } = gradient(architecture, weights, x, y);
    expect(loss).toBeCloseTo(lossAt(architecture, weights, x, y), 5);
    expect(gradientNorm).toBeCloseTo(Math.hypot(...[...gradients.values()].flatMap((dy) => [...dy])), 5);
  });

  test('is no longer than the clipping threshold', () => {
    const { gradients, gradientNorm } = gradient(architecture, weights, x, y, { clip: 0.01 });
    expect(gradientNorm).toBeGreaterThan(0.01);
    expect(Math.hypot(...[...gradients.values()].flatMap((dy) => [...dy]))).toBeCloseTo(0.01, 5);
  });

  test('counts only targets that are not below zero', () => {
    const masked = y.map((token, i) => (i % steps < 3 ? -1 : token));
    const { loss } = gradient(architecture, weights, x, masked);
    expect(loss).toBeCloseTo(lossAt(architecture, weights, x, masked), 5);
    expect(loss).not.toBeCloseTo(lossAt(architecture, weights, x, y), 3);
  });

  test('carries the state on: two windows are one text', () => {
    const network1 = engine.train(architecture, shape, weights);
    const still = { ...update, learningRate: 0 };
    const x2 = tokens(batch * steps, 5, 7);
    const y2 = tokens(batch * steps, 5, 8);
    const first = network1.step(x, y, still).loss;
    const second = network1.step(x2, y2, still).loss;
    const joined = (a: Int32Array, b: Int32Array) =>
      Int32Array.from(
        [0, 1].flatMap((row) => [a, b].flatMap((each) => [...each.subarray(row * steps, (row + 1) * steps)])),
      );
    expect((first + second) / 2).toBeCloseTo(network1.evaluate(joined(x, x2), joined(y, y2), batch), 5);
    network1.dispose();
  });

  test('adds L1 and L2 to the gradient and not to the loss', () => {
    const plain = gradient(architecture, weights, x, y);
    const penalised = gradient(architecture, weights, x, y, { l1: 0.1, l2: 0.01 });
    expect(penalised.loss).toBeCloseTo(plain.loss, 6);
    const { data } = weights.get('output.W')!;
    const before = plain.gradients.get('output.W')!;
    penalised.gradients.get('output.W')!.forEach((dy, i) => {
      expect(dy).toBeCloseTo(before[i] + 0.1 * Math.sign(data[i]) + 0.01 * data[i], 5);
    });
  });

  test('leaves a fixed reservoir as it is', () => {
    const reservoir = network([builtin('EchoState')]);
    const start = initialWeights(reservoir, 1);
    const { gradients } = gradient(reservoir, start, x, y);
    expect(Math.hypot(...gradients.get('layers.0.U')!)).toBe(0);
    expect(Math.hypot(...gradients.get('output.W')!)).toBeGreaterThan(0);
  });
});

test.each(['LSTM', 'Jordan', 'GRU', 'Babylonian'])(
  '%s: one token at a time is the same as all at once',
  (name) => {
    const architecture = network([builtin(name), builtin('Elman')]);
    const weights = initialWeights(architecture, 1);
    const text = tokens(12, 5, 9);
    const predictor = engine.predict(architecture, weights);
    const state = predictor.initial();
    const logits = new Float32Array(5);
    let nats = 0;
    for (let t = 0; t < text.length - 1; t++) {
      predictor.next(state, text[t], state, logits);
      nats += Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0)) - logits[text[t + 1]];
    }
    const network1 = engine.train(architecture, shape, weights);
    expect(nats / 11).toBeCloseTo(network1.evaluate(text.slice(0, -1), text.slice(1), 1), 5);
    predictor.dispose();
    network1.dispose();
  },
);

test('no tensor leaks', () => {
  const architecture = network([builtin('LSTM'), builtin('Jordan')], { embedding: 3 });
  const weights = initialWeights(architecture, 1);
  const x = tokens(batch * steps, 5, 5);
  const before = tf.memory().numTensors;
  const trained = engine.train(
    architecture,
    {
      ...shape,
      dropout: 0.5,
      optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
    },
    weights,
  );
  trained.step(x, x, update);
  const during = tf.memory().numTensors;
  for (let i = 0; i < 3; i++) {
    trained.advance(x);
    trained.step(x, x, { ...update, carry: 2, l1: 1e-3, l2: 1e-3 });
    trained.evaluate(x, x, batch);
    trained.weights();
    trained.load(weights);
    trained.reset();
    trained.step(x, x, update);
  }
  expect(tf.memory().numTensors).toBe(during);
  trained.dispose();
  const predictor = engine.predict(architecture, weights);
  predictor.next(predictor.initial(), 1, predictor.initial(), new Float32Array(5));
  predictor.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test('the WebAssembly backend computes what plain JavaScript does', async () => {
  const architecture = network([builtin('LSTM'), builtin('GRU')]);
  const weights = initialWeights(architecture, 1);
  const x = tokens(batch * steps, 5, 5);
  const y = tokens(batch * steps, 5, 6);
  const plain = gradient(architecture, weights, x, y);
  const files = `${dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json'))}/dist/`;
  const { engine: wasm, fallback } = await startTfjs(files);
  expect(fallback).toBeNull();
  expect(wasm.name).toBe('tfjs-wasm');
  const compiled = gradient(architecture, weights, x, y);
  expect(compiled.loss).toBeCloseTo(plain.loss, 5);
  for (const [name, dy] of compiled.gradients)
    dy.forEach((value, i) => {
      expect(value).toBeCloseTo(plain.gradients.get(name)![i], 5);
    });
  ({ engine } = await startTfjs('', 'cpu'));
});
