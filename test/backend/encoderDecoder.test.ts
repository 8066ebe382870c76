// Compares encoder-decoders of the compiled engine with plain operations of TensorFlow.js, pair by pair; and what is
// predicted token by token with what is read at once.
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Engine, TargetPredictor, TrainingShape, Update } from '../../src/backend/engine.ts';
import type { Architecture } from '../../src/tape/architecture.ts';
import type { Weights } from '../../src/tape/parameters.ts';
import { random } from '../../src/tape/random.ts';
import { architectures, both, encoder, weightsOf } from './encoderDecoders.ts';
import { startEngines } from './engines.ts';
import { builtin, cell, network } from './networks.ts';
import { lossOfPair, type Pair } from './pairs.ts';

let compiled: readonly Engine[];
let tfjs: Engine;

beforeAll(async () => {
  ({ reference: tfjs, compiled } = await startEngines());
});

const shape: TrainingShape = {
  batch: 3,
  steps: 7,
  positions: 8,
  optimizer: { kind: 'sgd' },
  dropout: 0,
  seed: 1,
};
const update: Update = { learningRate: 0.5, clip: Number.POSITIVE_INFINITY, l1: 0, l2: 0, carry: 0 };

/** Draws pairs of the given lengths of source and target; some targets are not counted. */
function draw(
  { inputs, outputs, encoder }: Architecture,
  lengths: readonly (readonly number[])[],
  seed: number,
) {
  const next = random(seed);
  const tokens = (length: number, kinds: number) => Array.from({ length }, () => Math.floor(next() * kinds));
  return lengths.map(
    ([positions, steps]): Pair => ({
      source: tokens(positions, encoder!.inputs),
      inputs: tokens(steps, inputs),
      targets: tokens(steps, outputs).map((token, t) => (steps > 2 && t === 1 ? -1 : token)),
    }),
  );
}

/** Puts sequences side by side, padded to the longest and a number of tokens more. */
function padded(sequences: readonly (readonly number[])[], more = 0): Int32Array {
  const length = Math.max(...sequences.map((each) => each.length)) + more;
  return Int32Array.from(
    sequences.flatMap((each) => [...each, ...Array<number>(length - each.length).fill(-1)]),
  );
}

const batchOf = (pairs: readonly Pair[]) => ({
  x: padded(pairs.map(({ inputs }) => inputs)),
  y: padded(pairs.map(({ targets }) => targets)),
  source: padded(pairs.map(({ source }) => source)),
});

const counted = (pairs: readonly Pair[]) =>
  pairs.flatMap(({ targets }) => targets).filter((target) => target >= 0).length;

/** Returns the mean loss, and the weights after a step of gradient descent. */
function referenceStep(architecture: Architecture, weights: Weights, pairs: readonly Pair[]) {
  tf.engine().startScope();
  try {
    const variables = Object.fromEntries(
      [...weights].map(([name, { data, shape }]) => [name, tf.variable(tf.tensor(data, [...shape]))]),
    );
    const loss = () =>
      tf.div(
        tf.addN(pairs.map((pair) => lossOfPair(architecture, variables, pair))),
        counted(pairs),
      ) as tf.Scalar;
    const { value, grads } = tf.variableGrads(loss, Object.values(variables));
    const after = Object.entries(variables).map(([name, variable]) => {
      const gradient = grads[variable.name];
      const next = gradient ? tf.sub(variable, tf.mul(gradient, update.learningRate)) : variable;
      return [name, [...next.dataSync()]] as const;
    });
    return { loss: value.dataSync()[0], after: new Map(after) };
  } finally {
    tf.engine().endScope();
    tf.disposeVariables();
  }
}

describe.each(Object.entries(architectures))('%s', (_, architecture) => {
  const lengths = [
    [5, 4],
    [8, 1],
    [1, 7],
  ];

  test('learns as in TensorFlow.js, to 1e-4', () => {
    for (const engine of compiled) {
      let weights = weightsOf(architecture, 4);
      const made = engine.train(architecture, shape, weights);
      // The second batch is smaller, and longer than what was in its place before.
      for (const [seed, of] of [
        lengths,
        [
          [2, 3],
          [3, 5],
          [3, 2],
        ],
      ].entries()) {
        const pairs = draw(architecture, of, seed + 1);
        const { x, y, source } = batchOf(pairs);
        const expected = referenceStep(architecture, weights, pairs);
        expect(made.evaluate(x, y, 3, source)).toBeCloseTo(expected.loss, 4);
        expect(made.step(x, y, update, source).loss).toBeCloseTo(expected.loss, 4);
        weights = made.weights();
        for (const [name, values] of expected.after)
          for (const [i, value] of values.entries())
            expect(Math.abs(weights.get(name)!.data[i] - value), `${name}[${i}]`).toBeLessThan(1e-4);
      }
      made.dispose();
    }
  });

  test('evaluates the same in batches of any size, and with more padding', () => {
    const [engine] = compiled;
    const made = engine.train(architecture, shape, weightsOf(architecture, 4));
    const pairs = draw(architecture, [...lengths, [12, 9], [4, 3]], 5);
    const total = pairs.reduce((sum, pair) => {
      const { x, y, source } = batchOf([pair]);
      return sum + made.evaluate(x, y, 1, source) * counted([pair]);
    }, 0);
    const { x, y } = batchOf(pairs);
    const source = padded(
      pairs.map((pair) => pair.source),
      9,
    );
    expect(made.evaluate(x, y, 5, source) * counted(pairs)).toBeCloseTo(total, 4);
    made.dispose();
  });

  test('predicts token by token as it reads at once', () => {
    for (const engine of compiled) {
      const weights = weightsOf(architecture, 4);
      const pairs = draw(architecture, [...lengths, [40, 3]], 7);
      const made = engine.train(architecture, shape, weights);
      const predictor = engine.predictTarget(architecture, weights);
      const sources = pairs.map(({ source }) => predictor.encode(Int32Array.from(source)));
      const states = sources.map((source) => predictor.initial(source));
      const { x, y, source } = batchOf(pairs);
      const steps = x.length / pairs.length;
      const expected = new Map<number, Float32Array>();
      made.logits(x, y, pairs.length, (index, logits) => expected.set(index, logits.slice()), source);
      expect(expected.size).toBe(counted(pairs));
      // The pairs take turns, as the hypotheses of a beam do.
      for (let t = 0; t < steps; t++)
        for (const [row, pair] of pairs.entries()) {
          if (t >= pair.inputs.length) continue;
          const logits = read(predictor, sources[row], states[row], pair.inputs[t]);
          for (const [i, value] of (expected.get(row * steps + t) ?? []).entries())
            expect(Math.abs(logits[i] - value)).toBeLessThan(1e-4);
        }
      made.dispose();
      predictor.dispose();
    }
  });

  test('predicts with new weights once the source is encoded again', () => {
    const [engine] = compiled;
    const [pair] = draw(architecture, [[5, 4]], 8);
    const logitsOf = (predictor: TargetPredictor) => {
      const source = predictor.encode(Int32Array.from(pair.source));
      return read(predictor, source, predictor.initial(source), pair.inputs[0]);
    };
    const predictor = engine.predictTarget(architecture, weightsOf(architecture, 4));
    const before = logitsOf(predictor);
    predictor.load(weightsOf(architecture, 5));
    const after = logitsOf(predictor);
    expect(after).toEqual(logitsOf(engine.predictTarget(architecture, weightsOf(architecture, 5))));
    expect(after).not.toEqual(before);
  });
});

describe('where a decoder looks', () => {
  test.each(['AdditiveAttention', 'BilinearAttention', 'DotAttention'])('%s', (name) => {
    const [engine] = compiled;
    const layers = [{ cell: builtin(name), hidden: 6 }];
    const architecture = network([], { layers, encoder: encoder(both), embedding: 4 });
    const predictor = engine.predictTarget(architecture, weightsOf(architecture, 4));
    expect(predictor.attention).toEqual(['layers.0.a']);
    const weights = [5, 1, 3].map((positions) => {
      const source = predictor.encode(Int32Array.from({ length: positions }, (_, s) => s % 6));
      const state = predictor.initial(source);
      const seen = new Float32Array(positions);
      predictor.next(source, state, 2, state, new Float32Array(predictor.outputs), seen);
      expect(seen.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
      expect(Math.min(...seen)).toBeGreaterThan(0);
      return seen;
    });
    expect([...weights[1]]).toEqual([1]);
  });

  test('is nowhere without attention', () => {
    const architecture = architectures['an embedding alone'];
    const predictor = compiled[0].predictTarget(architecture, weightsOf(architecture, 4));
    expect(predictor.attention).toEqual([]);
  });
});

function read(
  predictor: TargetPredictor,
  source: ReturnType<TargetPredictor['encode']>,
  state: Float32Array,
  token: number,
): Float32Array {
  const logits = new Float32Array(predictor.outputs);
  predictor.next(source, state, token, state, logits);
  return logits;
}

test('Hessian-free optimisation and TensorFlow.js refuse encoder-decoders with a sentence', () => {
  const architecture = architectures['an embedding alone'];
  const weights = weightsOf(architecture, 1);
  expect(() =>
    compiled[0].gaussNewton!(architecture, { batch: 2, steps: 3, dropout: 0, structural: false }, null),
  ).toThrow(/Hessian-free optimisation trains no encoder-decoders/);
  const refused = /TensorFlow\.js trains no encoder-decoders here/;
  expect(() => tfjs.train(architecture, shape, weights)).toThrow(refused);
  expect(() => tfjs.predictTarget(architecture, weights)).toThrow(refused);
});

describe('an initial state that is computed, in a language model', () => {
  const text = 'cell A\n h[t] = tanh(W x[t] + U h[t-1] + V h[t-2])\n h[0] = sin(A tanh(a)) first 3';
  const architecture = network([cell(text), builtin('GRU')]);

  test('is as in TensorFlow.js, from window to window and after a reset', () => {
    const [first] = compiled;
    const weights = weightsOf(architecture, 2);
    const networks = [first, tfjs].map((engine) => engine.train(architecture, shape, weights));
    const next = random(3);
    const draw = () => Int32Array.from({ length: 3 * 7 }, () => Math.floor(next() * 5));
    for (let step = 0; step < 4; step++) {
      if (step === 2) for (const made of networks) made.reset([1]);
      const [x, y] = [draw(), draw()];
      const [loss, expected] = networks.map((made) => made.step(x, y, { ...update, carry: 5 }).loss);
      expect(loss).toBeCloseTo(expected, 4);
      const [evaluated, wanted] = networks.map((made) => made.evaluate(x, y, 3));
      expect(evaluated).toBeCloseTo(wanted, 4);
    }
    for (const made of networks) made.dispose();
  });

  test('is what a predictor begins with', () => {
    const weights = weightsOf(architecture, 2);
    const [mine, reference] = [compiled[0], tfjs].map((engine) => engine.predict(architecture, weights));
    const [a, b] = [mine.initial(), reference.initial()];
    for (const token of [1, 4, 0, 2]) {
      const [logits, expected] = [new Float32Array(5), new Float32Array(5)];
      mine.next(a, token, a, logits);
      reference.next(b, token, b, expected);
      for (const [i, value] of expected.entries()) expect(Math.abs(logits[i] - value)).toBeLessThan(1e-4);
    }
  });
});
