// Networks that read and predict numbers: the compiled engine is as the reference.
import { beforeAll, describe, expect, test } from 'vitest';
import type {
  Engine,
  LookupTables,
  TrainableNetwork,
  TrainingShape,
  Update,
} from '../../src/backend/engine.ts';
import type { Architecture } from '../../src/tape/architecture.ts';
import { initialWeights } from '../../src/tape/parameters.ts';
import { random } from '../../src/tape/random.ts';
import { startEngines } from './engines.ts';
import { builtin, network, tokens } from './networks.ts';

let reference: Engine;
let compiled: readonly Engine[];

beforeAll(async () => {
  ({ reference, compiled } = await startEngines());
});

const batch = 3;
const steps = 6;
const rows = 20;
const shape: TrainingShape = { batch, steps, optimizer: { kind: 'sgd' }, dropout: 0, seed: 1 };
const update: Update = { learningRate: 0.1, clip: 5, l1: 0, l2: 0, carry: 4 };

function draw({ inputs, outputs }: Architecture): LookupTables {
  const next = random(5);
  const of = (width: number) => Float32Array.from({ length: rows * width }, () => 4 * next() - 2);
  return { inputs: of(inputs), targets: of(outputs) };
}

const numbers = { inputs: 3, outputs: 2, input: 'numbers', likelihood: 'gaussian' } as const;
const networks: Readonly<Record<string, Architecture>> = {
  'two layers': network([builtin('LSTM'), builtin('GRU')], numbers),
  'a cell that reads the means': network([builtin('Jordan')], numbers),
  'a reservoir': network([builtin('EchoState')], numbers),
  'one output a row': network([builtin('GRU')], { ...numbers, head: { kind: 'pooled', pool: 'mean' } }),
  'classes of numbers': network([builtin('GRU')], { inputs: 3, input: 'numbers' }),
};

const close = (actual: ArrayLike<number>, expected: ArrayLike<number>) => {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < actual.length; i++)
    expect(Math.abs(actual[i] - expected[i]) / Math.max(1, Math.abs(expected[i]))).toBeLessThan(1e-4);
};

describe.each(Object.entries(networks))('%s', (_, architecture) => {
  const tables = draw(architecture);
  const ofTargets = architecture.likelihood === 'gaussian' ? rows : architecture.outputs;
  const both = (candidate: Engine) =>
    [reference, candidate].map((engine) =>
      engine.train(architecture, shape, initialWeights(architecture, 4), tables),
    );
  const y = (seed: number, length = batch * steps) =>
    tokens(length, ofTargets, seed).map((target, i) => (i % 4 === 1 ? -1 : target));

  test('updates', () => {
    for (const candidate of compiled) {
      const [expected, actual] = both(candidate);
      for (const seed of [1, 2, 3]) {
        const x = tokens(batch * steps, rows, seed);
        const results = [expected, actual].map((each) => each.step(x, y(seed), update));
        close(Object.values(results[1]), Object.values(results[0]));
      }
      for (const [name, { data }] of expected.weights()) close(actual.weights().get(name)!.data, data);
      expected.dispose();
      actual.dispose();
    }
  });

  test('reading', () => {
    const [x, targets] = [tokens(2 * 70, rows, 8), y(9, 2 * 70)];
    const outputsOf = (of: TrainableNetwork) => {
      const found: number[] = [];
      of.logits(x, targets, 2, (index, outputs) => found.push(index, ...outputs));
      return found;
    };
    for (const candidate of compiled) {
      const [expected, actual] = both(candidate);
      close([actual.evaluate(x, targets, 2)], [expected.evaluate(x, targets, 2)]);
      const sorted = (of: TrainableNetwork) => outputsOf(of).sort((a, b) => a - b);
      close(sorted(actual), sorted(expected));
      expected.dispose();
      actual.dispose();
    }
  });

  test('step by step, as in the rows of a table', () => {
    const weights = initialWeights(architecture, 4);
    const x = Int32Array.from({ length: 10 }, (_, t) => t);
    for (const engine of [reference, ...compiled]) {
      const whole = engine.train(architecture, shape, weights, tables);
      const expected: number[] = [];
      whole.logits(
        x,
        x.map(() => 0),
        1,
        (_, outputs) => expected.push(...outputs),
      );
      const predictor = engine.predict(architecture, weights);
      const state = predictor.initial();
      const outputs = new Float32Array(predictor.outputs);
      const actual: number[] = [];
      for (const t of x) {
        const { inputs } = architecture;
        predictor.next(state, tables.inputs.subarray(t * inputs, (t + 1) * inputs), state, outputs);
        actual.push(...outputs);
      }
      close(actual, expected);
      whole.dispose();
      predictor.dispose();
    }
  });
});
