// Products of the Gauss-Newton matrix in 64 bits, beside differences.
import { describe, expect, test } from 'vitest';
import type { Architecture, LookupTables } from '../../src/backend/engine.ts';
import { cellsWithoutEncoder } from '../../src/cells/index.ts';
import { outputLayerWidth } from '../../src/tape/architecture.ts';
import { GaussNewton } from '../../src/tape/gaussNewton.ts';
import { parameters, type Weights } from '../../src/tape/parameters.ts';
import { random } from '../../src/tape/random.ts';
import { scalarKernels } from '../../src/tape/scalar/scalarKernels.ts';
import { ScalarTraining } from '../../src/tape/scalar/scalarTraining.ts';
import { builtin, cell, network } from '../backend/networks.ts';
import { Linearised, scattered } from './linearised.ts';

const tolerance = 1e-5;
const width = 1e-5;

const drawn = (length: number, seed: number) => {
  const next = random(seed);
  return Float64Array.from({ length }, () => 2 * next() - 1);
};

/** Draws a direction of the trained parameters. */
function direction(architecture: Architecture, seed: number): Weights {
  const next = random(seed);
  return new Map(
    parameters(architecture)
      .filter(({ trained }) => trained)
      .map(({ name, shape }) => {
        const length = shape.reduce((product, size) => product * size, 1);
        return [name, { shape, data: Float32Array.from({ length }, () => 2 * next() - 1) }];
      }),
  );
}

const flat = (weights: Weights) => Float64Array.from([...weights.values()].flatMap(({ data }) => [...data]));

function gaussNewton(
  architecture: Architecture,
  {
    batch,
    steps,
    dropout = 0,
    structural = false,
  }: { batch: number; steps: number; dropout?: number; structural?: boolean },
  tables: LookupTables | null = null,
): GaussNewton {
  const options = { batch, steps, dropout, structural, start: 0 };
  const memory = (words: number) => {
    const floats = new Float64Array(words);
    return { floats, integers: floats, kernels: scalarKernels(floats) };
  };
  return new GaussNewton(architecture, { ...options, memory }, tables);
}

function expectClose(found: ArrayLike<number>, expected: Float64Array, error = tolerance): void {
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6);
  expect(found.length).toBe(expected.length);
  for (const [i, value] of expected.entries())
    expect(Math.abs(found[i] - value) / scale, `entry ${i}: ${found[i]}, not ${value}`).toBeLessThan(error);
}

/** Returns the product of the Fisher information of one step's outputs with a vector. */
function information({ likelihood }: Architecture, logits: Float64Array, vector: Float64Array): number[] {
  if (likelihood === 'gaussian')
    return [...vector].map((value, i) =>
      i < vector.length / 2 ? value / Math.exp(logits[i + vector.length / 2]) ** 2 : 2 * value,
    );
  const powers = [...logits].map(Math.exp);
  const sum = powers.reduce((total, value) => total + value, 0);
  const along = powers.reduce((total, power, i) => total + (power / sum) * vector[i], 0);
  return powers.map((power, i) => (power / sum) * (vector[i] - along));
}

/** Compares products with Jᵀ H d, where d is the change of the logits by differences. */
function check(
  architecture: Architecture,
  options: { batch: number; steps: number; dropout?: number; seed?: number } = { batch: 2, steps: 4 },
  tables: LookupTables | null = null,
): void {
  const { batch, steps, seed = 1 } = options;
  const linearised = new Linearised(architecture, options, tables);
  const v = direction(architecture, 3);
  linearised.move(flat(v), width);
  const above = linearised.logits();
  linearised.move(flat(v), -2 * width);
  const below = linearised.logits();
  linearised.move(flat(v), width);
  const logits = linearised.logits();
  const change = above.map((value, i) => (value - below[i]) / (2 * width));
  const outputs = outputLayerWidth(architecture);
  // Every third step of the first row, and the last one of each, has a target.
  const y = Int32Array.from({ length: batch * steps }, (_, i) =>
    (i < steps ? i % 3 === 0 : false) || i % steps === steps - 1 ? 1 : -1,
  );
  const counted = y.filter((target) => target >= 0).length;
  const ends = new Float64Array(change.length);
  for (let t = 0; t < steps; t++)
    for (let row = 0; row < batch; row++) {
      if (y[row * steps + t] < 0) continue;
      const at = (t * batch + row) * outputs;
      const part = information(architecture, logits.slice(at, at + outputs), change.slice(at, at + outputs));
      ends.set(
        part.map((value) => value / counted),
        at,
      );
    }
  const product = gaussNewton(architecture, options, tables);
  product.load(scattered(architecture, seed));
  const x = linearised.tokens;
  product.begin({ x, y, fresh: new Int32Array(batch), states: null, seed });
  const found = product.weightsOf(product.product(product.vectorOf(v)));
  expectClose(flat(found), linearised.transposed(ends));
}

describe('products are those of the linearised network', () => {
  test.each([...cellsWithoutEncoder.keys()])('%s', (name) => {
    const one = builtin(name);
    check(network([one]));
    if (!one.distribution) check(network([one, one]), { batch: 3, steps: 5, dropout: 0.4, seed: 2 });
  });

  test.each(['mean', 'max'] as const)('pooled by the %s', (pool) =>
    check(network([builtin('LSTM')], { head: { kind: 'pooled', pool } })),
  );
  test('an embedding that is the output layer, too', () =>
    check(network([builtin('GRU')], { embedding: 4, tied: true })));
  test('a computed state', () =>
    check(network([cell('cell Test\n  h[t] = tanh(W x[t] + U h[t-1])\n  h[0] = tanh(A a)\n')])));
  test('several tokens a step', () => check(network([builtin('GRU')], { embedding: 3, tokensPerStep: 2 })));
  test('read from both ends', () =>
    check(network([], { layers: [{ cell: builtin('GRU'), hidden: 4, bidirectional: true }] }), {
      batch: 2,
      steps: 5,
    }));
  test('numbers', () => {
    const tables = { inputs: Float32Array.from(drawn(18, 1)), targets: Float32Array.from(drawn(12, 2)) };
    const numbers = { inputs: 3, outputs: 2, input: 'numbers', likelihood: 'gaussian' } as const;
    check(network([builtin('GRU')], numbers), { batch: 2, steps: 5 }, tables);
  });
});

const batchOf = (batch: number, steps: number, seed: number) => {
  const next = random(seed);
  const draw = () => Int32Array.from({ length: batch * steps }, () => Math.floor(next() * 5));
  return { x: draw(), y: draw(), fresh: new Int32Array(batch), states: null, seed };
};

test('over fixed layers the matrix is the Hessian: products are differences of gradients', () => {
  const architecture = network([builtin('EchoState')]);
  const matrix = gaussNewton(architecture, { batch: 3, steps: 6 });
  matrix.load(scattered(architecture, 4));
  matrix.begin(batchOf(3, 6, 1));
  const v = drawn(matrix.count, 2);
  const here = matrix.parameters;
  const gradientAt = (by: number) => {
    matrix.parameters = here.map((value, i) => value + by * v[i]);
    return matrix.gradient();
  };
  const above = gradientAt(width);
  const below = gradientAt(-width);
  matrix.parameters = here;
  expectClose(
    matrix.product(v),
    above.map((value, i) => (value - below[i]) / (2 * width)),
  );
});

test('loss and gradient are those of a step of training, also from a learned h[0]', () => {
  const learned = cell('cell Test\n  h[t] = tanh(W x[t] + U h[t-1] + V h[t-3])\n  h[0] = learned\n');
  const architecture = network([learned]);
  const weights = scattered(architecture, 4);
  const batch = batchOf(2, 5, 3);
  const matrix = gaussNewton(architecture, { batch: 2, steps: 5 });
  matrix.load(weights);
  matrix.begin(batch);
  const training = new ScalarTraining(architecture, { batch: 2, steps: 5, dropout: 0, seed: 1 });
  training.load(weights);
  const loss = training.run({ ...batch, fresh: true, countFrom: 0, scale: 1 / 10 });
  expect(matrix.loss()).toBeCloseTo(loss, 12);
  const found = matrix.weightsOf(matrix.gradient());
  for (const [name, { data }] of found) expectClose(data, training.gradient(name), 1e-6);
});

test('a window begins in the states that are given', () => {
  const architecture = network([builtin('LSTM')]);
  const matrix = gaussNewton(architecture, { batch: 2, steps: 6 });
  matrix.load(scattered(architecture, 4));
  const { x, y, ...rest } = batchOf(2, 6, 3);
  const late = y.map((target, i) => (i % 6 < 3 ? -1 : target));
  matrix.begin({ x, y: late, ...rest });
  const whole = matrix.loss();
  const training = new ScalarTraining(architecture, { batch: 2, steps: 6, dropout: 0, seed: 1 });
  training.load(scattered(architecture, 4));
  training.run({ x, y, fresh: true, countFrom: 0, scale: 1 });
  training.carryFrom(3);
  const words = training.stateWords.map((word) => training.memory[word]);
  const states = new Map(
    ['layers.0.c@1', 'layers.0.h@1'].map((name, index) => [
      name,
      { shape: [2, 4], data: Float32Array.from(words.slice(8 * index, 8 * index + 8)) },
    ]),
  );
  const half = (tokens: Int32Array) => tokens.filter((_, i) => i % 6 >= 3);
  matrix.begin({ x: half(x), y: half(y), fresh: new Int32Array(2).fill(-1), states, seed: 1 });
  expect(matrix.loss()).toBeCloseTo(whole, 6);
  matrix.begin({ x: half(x), y: half(y), fresh: new Int32Array(2), states, seed: 1 });
  expect(Math.abs(matrix.loss() - whole)).toBeGreaterThan(1e-4);
});

test('structural damping is the squared change of the hidden states', () => {
  // With an output layer that is the identity, the logits are the hidden states.
  const architecture = network([builtin('Elman')], { layers: [{ cell: builtin('Elman'), hidden: 5 }] });
  const weights = new Map(scattered(architecture, 4))
    .set('output.W', {
      shape: [5, 5],
      data: Float32Array.from({ length: 25 }, (_, i) => (i % 6 === 0 ? 1 : 0)),
    })
    .set('output.b', { shape: [5], data: new Float32Array(5) });
  const v = new Map(direction(architecture, 3));
  for (const name of ['output.W', 'output.b']) v.get(name)!.data.fill(0);
  const matrix = gaussNewton(architecture, { batch: 2, steps: 4, structural: true });
  matrix.load(weights);
  matrix.begin(batchOf(2, 4, 1));
  const vector = matrix.vectorOf(v);
  const dot = (a: Float64Array) => a.reduce((sum, value, i) => sum + value * vector[i], 0);
  const damped = dot(matrix.product(vector, 3)) - dot(matrix.product(vector));
  const states = (by: number) => {
    const moved = new Map(
      [...weights].map(([name, { shape, data }]) => [
        name,
        { shape, data: Float64Array.from(data, (value, i) => value + by * v.get(name)!.data[i]) },
      ]),
    );
    const training = new ScalarTraining(architecture, { batch: 2, steps: 4, dropout: 0, seed: 1 });
    for (const [name, { data }] of moved)
      for (const [i, word] of training.words(name).entries()) training.memory[word] = data[i];
    const { x, y } = batchOf(2, 4, 1);
    return [1, 2, 3, 4].flatMap((steps) => {
      training.run({ x, y, fresh: true, countFrom: 0, scale: 1 });
      training.carryFrom(steps);
      return training.stateWords.map((word) => training.memory[word]);
    });
  };
  const above = states(width);
  const below = states(-width);
  const squares = above.reduce((sum, value, i) => sum + ((value - below[i]) / (2 * width)) ** 2, 0);
  expect(Math.abs(damped / ((3 * squares) / 8) - 1)).toBeLessThan(tolerance);
});

test('the empirical Fisher information has the squares of the gradients of rows on its diagonal', () => {
  const architecture = network([builtin('GRU')]);
  const weights = scattered(architecture, 4);
  const { x, y, ...rest } = batchOf(3, 4, 3);
  const matrix = gaussNewton(architecture, { batch: 3, steps: 4 });
  matrix.load(weights);
  matrix.begin({ x, y, ...rest });
  const training = new ScalarTraining(architecture, { batch: 1, steps: 4, dropout: 0, seed: 1 });
  training.load(weights);
  const expected = new Float64Array(matrix.count);
  for (let row = 0; row < 3; row++) {
    const part = (tokens: Int32Array) => tokens.slice(4 * row, 4 * row + 4);
    training.run({ x: part(x), y: part(y), fresh: true, countFrom: 0, scale: 1 });
    const gradient = matrix.vectorOf(
      new Map(
        [...direction(architecture, 1)].map(([name, { shape }]) => [
          name,
          { shape, data: Float32Array.from(training.gradient(name)) },
        ]),
      ),
    );
    for (const [i, value] of gradient.entries()) expected[i] += value ** 2 / 12;
  }
  expectClose(matrix.squaredGradients(64), expected);
});
