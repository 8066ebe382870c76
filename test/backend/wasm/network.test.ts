// Compares the compiled engine with the reference: losses, gradients, updates, states, predictions.
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type {
  Architecture,
  Engine,
  TrainableNetwork,
  TrainingShape,
  Update,
} from '../../../src/backend/engine.ts';
import { startTfjs } from '../../../src/backend/tfjs/engine.ts';
import { startWasm } from '../../../src/backend/wasm/engine.ts';
import type { WasmNetwork } from '../../../src/backend/wasm/network.ts';
import { builtinCells } from '../../../src/cells/index.ts';
import type { GradientOptimizer } from '../../../src/language/options/options.ts';
import { initialWeights, type Weights } from '../../../src/tape/parameters.ts';
import { random } from '../../../src/tape/random.ts';
import { readKernels } from '../../kernels/modules.ts';
import { builtin, cell, functionsOfOne, network, stackableCells, tokens } from '../networks.ts';

let reference: Engine;
let engine: Engine;
let twoParts: Engine;

beforeAll(async () => {
  ({ engine: reference } = await startTfjs('', 'cpu'));
  engine = (await startWasm({ read: readKernels, threads: 1, spawn: null }))!;
  twoParts = (await startWasm({ read: readKernels, threads: 2, spawn: null }))!;
});

const batch = 3;
const steps = 5;
const shape: TrainingShape = { batch, steps, optimizer: { kind: 'sgd' }, dropout: 0, seed: 1 };
const update: Update = { learningRate: 0.5, clip: Number.POSITIVE_INFINITY, l1: 0, l2: 0, carry: steps };

/** Returns initial weights, moved away from the zeros that initialisers leave. */
function weightsOf(architecture: Architecture): Weights {
  const next = random(7);
  const weights = initialWeights(architecture, 3);
  for (const { data } of weights.values())
    for (let i = 0; i < data.length; i++) data[i] += (next() - 0.5) * 0.2;
  return weights;
}

/**
 * Returns the largest difference of two sets of weights, relative to the largest change of its parameter, or to a
 * thousandth of its largest weight, of which a change is rounded.
 */
function worstDifference(actual: Weights, expected: Weights, before: Weights): number {
  let worst = 0;
  for (const [name, { data }] of expected) {
    const start = before.get(name)!.data;
    const rounded = 1e-3 * data.reduce((most, w) => Math.max(most, Math.abs(w)), 1);
    const change = data.reduce((most, w, i) => Math.max(most, Math.abs(w - start[i])), rounded);
    const error = data.reduce((most, w, i) => Math.max(most, Math.abs(w - actual.get(name)!.data[i])), 0);
    worst = Math.max(worst, error / change);
  }
  return worst;
}

interface Settings {
  readonly shape?: Partial<TrainingShape>;
  readonly update?: Partial<Update>;
  readonly steps?: number;
  /** The first counted step of each window; the last entry holds for all later windows, too. */
  readonly countFrom?: readonly number[];
  /** The streams that begin at h[0] in each window. */
  readonly reset?: readonly (readonly number[])[];
  readonly tolerance?: number;
}

/** Trains engines on the same windows as the reference, and compares everything observable afterwards. */
function checkAgainstReference(
  architecture: Architecture,
  settings: Settings = {},
  ...candidates: readonly Engine[]
) {
  const full = { ...shape, ...settings.shape };
  const how = { ...update, carry: full.steps, ...settings.update };
  const tolerance = settings.tolerance ?? 1e-4;
  const weights = weightsOf(architecture);
  const engines = [reference, ...(candidates.length > 0 ? candidates : [engine])];
  const networks = engines.map((each) => each.train(architecture, full, weights));
  const [expected, ...others] = networks;
  const same = (f: (network: TrainableNetwork) => number) => {
    const wanted = f(expected);
    for (const found of others.map(f))
      expect(
        Math.abs(found - wanted) / Math.max(1e-3, Math.abs(wanted)),
        `${found}, not ${wanted}`,
      ).toBeLessThan(tolerance);
  };
  const text = (rows: number, length: number, seed: number) =>
    tokens(rows * length, architecture.inputs, seed);
  const targets = (rows: number, length: number, seed: number) =>
    tokens(rows * length, architecture.outputs, seed);
  for (let step = 0; step < (settings.steps ?? 3); step++) {
    const x = text(full.batch, full.steps, step);
    const y = targets(full.batch, full.steps, step + 100);
    y[1] = -1;
    const countFrom = settings.countFrom?.at(Math.min(step, settings.countFrom.length - 1)) ?? 0;
    for (let i = 0; i < y.length; i++) if (i % full.steps < countFrom) y[i] = -1;
    for (const each of networks) each.reset(settings.reset?.[step] ?? []);
    const results = networks.map((each) => each.step(x, y, how));
    same((each) => results[networks.indexOf(each)].loss);
    same((each) => results[networks.indexOf(each)].gradientNorm);
  }
  const wanted = expected.weights();
  for (const each of others) expect(worstDifference(each.weights(), wanted, weights)).toBeLessThan(tolerance);
  const [x, y] = [text(2, 40, 5), targets(2, 40, 6)];
  same((each) => each.evaluate(x, y, 2));
  same((each) => each.evaluate(text(full.batch, 40, 5), targets(full.batch, 40, 6), full.batch));
  same((each) => {
    let sum = 0;
    const some = y.map((target, index) => (index % 3 === 1 ? -1 : target));
    each.logits(x, some, 2, (index, logits) => {
      for (const [output, value] of logits.entries()) sum += value * (1 + Math.sin(index + 50 * output));
    });
    return sum;
  });
  for (const each of networks) each.advance(text(full.batch, 37, 8));
  same((each) => each.step(text(full.batch, full.steps, 9), targets(full.batch, full.steps, 10), how).loss);
  for (const each of networks) each.reset();
  same((each) => each.step(text(full.batch, full.steps, 9), targets(full.batch, full.steps, 10), how).loss);
  for (const each of networks) each.dispose();
}

const more: Record<string, string> = {
  'two lags': 'cell A\n h[t] = tanh(W x[t] + U h[t-1] + V h[t-2] + b)\n',
  'a learned state': 'cell A\n h[t] = tanh(W x[t] + U h[t-1] + V h[t-3])\n h[0] = learned\n',
  'shared parameters': 'cell A\n h[t] = tanh(W x[t] + U h[t-1] + U h[t-2] + b) + b\n',
  'softmax and norm':
    'cell A\n s[t] = softmax(W x[t] + U h[t-1])\n h[t] = norm(s[t] * tanh(V h[t-1]) + h[t-1])\n',
  'earlier inputs, sums and transposes':
    'cell A\n n[t] = n[t-1] / 2 + sum(sin(W x[t]))\n h[t] = tanh(W x[t-2] + V x[t-1] + U (Uᵀ h[t-1]) + a * n[t]) * cos(n[t-1] * b)\n width a = 1\n init a, b = normal(1)\n',
  'stochastic matrices':
    'cell A\n h[t] = tanh(W x[t] + U h[t-1] + V (U h[t-2]) + Vᵀ b)\n stochastic W, U\n init b = normal(1)\n',
  functions:
    'cell A\n h[t] = clip(W x[t] + U h[t-1], -0.3, 0.4) + sqrt(abs(a) + 1) * exp(-h[t-1]) + log(2 + relu(h[t-1]))^2 + min(h[t-1], c) / (3 + h[t-2]^3)\n',
};

const optimizers: GradientOptimizer[] = [
  { kind: 'sgd' },
  { kind: 'momentum', momentum: 0.9 },
  { kind: 'nesterov', momentum: 0.9 },
  { kind: 'nesterov', momentum: 0.9, schedule: 'rising' },
  { kind: 'rmsprop', rho: 0.9, epsilon: 1e-3 },
  { kind: 'adam', beta1: 0.9, beta2: 0.99, epsilon: 1e-3, weightDecay: 0 },
  { kind: 'adamw', beta1: 0.9, beta2: 0.99, epsilon: 1e-3, weightDecay: 0.1 },
];

describe('as the reference, to 1e-4', () => {
  test.each(['LSTM', 'Jordan'])('%s with fewer outputs than inputs', (name) => {
    const one = builtin(name);
    checkAgainstReference(network([one, one], { inputs: 11, outputs: 3 }), {}, twoParts);
    checkAgainstReference(network([one], { inputs: 4, outputs: 9, embedding: 3 }));
  });
  test.each(['mean', 'max'] as const)('the head that pools by the %s', (pool) => {
    const head = { kind: 'pooled', pool } as const;
    const one = builtin('GRU');
    checkAgainstReference(network([one, one], { inputs: 7, outputs: 3, head }), {}, twoParts);
    checkAgainstReference(network([builtin('Jordan')], { head }), { shape: { dropout: 0.3 } });
  });
  test.each(stackableCells)('%s', (name) => {
    const one = builtin(name);
    checkAgainstReference(network([one]));
    checkAgainstReference(network([one, one], { embedding: 3 }), { shape: { batch: 1, dropout: 0.4 } });
    checkAgainstReference(network([one, one], { inputs: 11, outputs: 11 }), {}, twoParts);
  });

  test('HMM', () => {
    const one = builtin('HMM');
    checkAgainstReference(network([one]));
    checkAgainstReference(network([one]), { shape: { batch: 5, steps: 7, dropout: 0.4 } }, twoParts);
    checkAgainstReference(network([one]), {
      countFrom: [0, 5, 4],
      update: { carry: 2 },
      shape: { batch: 5, steps: 7 },
    });
    checkAgainstReference(network([one], { head: { kind: 'pooled', pool: 'mean' } }));
  });

  test.each(Object.entries(more))('%s', (_name, text) => {
    checkAgainstReference(network([cell(text)]));
    checkAgainstReference(
      network([cell(text), builtin('LSTM')]),
      { shape: { batch: 5, steps: 7 } },
      twoParts,
    );
  });

  test.each(functionsOfOne)('the function %s', (name) =>
    // Its argument is positive and away from zero, where some have a kink and some no value.
    checkAgainstReference(
      network([cell(`cell A\n h[t] = tanh(${name}(1.5 + tanh(W x[t] + U h[t-1])) + b)\n`)]),
    ),
  );

  test.each(optimizers)('$kind', (optimizer) => {
    checkAgainstReference(network([builtin('GRU')]), {
      shape: { optimizer },
      update: { learningRate: 0.05, clip: 0.1, l1: 1e-3, l2: 1e-2 },
      // An optimiser divides by small numbers, which enlarges differences in the last digits.
      tolerance: 1e-3,
    });
  });

  test('weights that are zero have no slope of their absolute value', () => {
    const abs = cell('cell A\n h[t] = tanh(W x[t]) + abs(a) + abs(U h[t-1])\n init U = 0\n');
    const architecture = network([abs]);
    const zero = new Map(
      [...initialWeights(architecture, 3)].map(([name, { shape, data }]) => [
        name,
        { shape, data: name.endsWith('output.W') ? data : data.fill(0) },
      ]),
    );
    const [wanted, found] = [reference, engine].map((each) => {
      const trained = each.train(architecture, shape, zero);
      trained.step(tokens(15, 5, 1), tokens(15, 5, 2), { ...update, l1: 0.1 });
      return trained.weights();
    });
    expect(worstDifference(found, wanted, zero)).toBeLessThan(1e-4);
    expect(found.get('layers.0.a')).toEqual(zero.get('layers.0.a'));
  });

  const stackable = stackableCells.map((name): [string, string] => [name, builtinCells.get(name)!]);
  const overlapping: [string, string][] = [...stackable, ...Object.entries(more)];
  test.each(overlapping)('overlapping windows: %s', (_name, text) => {
    const one = cell(text);
    const windows = { countFrom: [0, 5, 4], update: { carry: 2 }, shape: { batch: 5, steps: 7 } };
    checkAgainstReference(network([one]), windows);
    const dropped = {
      ...windows,
      update: { carry: 2, dropoutShare: 0.7 },
      shape: { batch: 3, steps: 7, dropout: 0.4 },
    };
    checkAgainstReference(network([one, one], { inputs: 11, outputs: 11 }), dropped, twoParts);
  });

  const resetting: [string, string][] = [
    ...stackable,
    ...Object.entries(more),
    [
      'a state that is learned in part',
      'cell A\n h[t] = tanh(W x[t] + U h[t-2])\n h[0] = learned from 0.5 first 2\n',
    ],
  ];
  test.each(resetting)('some streams begin at h[0]: %s', (_name, text) => {
    const one = cell(text);
    const windows = { reset: [[], [1], [0, 2, 3], [0, 1, 2, 3, 4], []], steps: 5, shape: { batch: 5 } };
    checkAgainstReference(network([one]), windows, engine, twoParts);
    const overlapping = { ...windows, countFrom: [0, 3], update: { carry: 2 } };
    checkAgainstReference(network([one, one]), overlapping, engine, twoParts);
  });

  // The sizes exceed one register tile of the matrix product.
  test.each([9, 20])('a product that is added to its own operand, with %i units', (hidden) => {
    const one = cell('cell A\n c[t] = tanh(W x[t])\n h[t] = tanh((c[t] + V c[t])^2)\n');
    const wide = { ...network([one]), layers: [{ cell: one, hidden }] };
    checkAgainstReference(wide);
    checkAgainstReference(wide, { shape: { batch: 5, steps: 7 } }, twoParts);
  });

  test('a tied output layer', () => {
    const tied = network([builtin('LSTM')], { embedding: 4, tied: true });
    checkAgainstReference(tied);
    checkAgainstReference(tied, { countFrom: [0, 3], update: { carry: 2 } }, twoParts);
  });

  test('the losses of 300 steps, to 1e-3', () => {
    const architecture = network([builtin('LSTM')]);
    const weights = weightsOf(architecture);
    const adam = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay: 0 } as const;
    const networks = [reference, engine].map((each) =>
      each.train(architecture, { ...shape, optimizer: adam }, weights),
    );
    for (let step = 0; step < 300; step++) {
      const text = tokens(batch * steps + 1, architecture.inputs, step);
      const [wanted, found] = networks.map(
        (each) =>
          each.step(text.slice(0, -1), text.slice(1), { ...update, learningRate: 3e-3, clip: 1 }).loss,
      );
      expect(Math.abs(found - wanted) / wanted).toBeLessThan(1e-3);
    }
    for (const each of networks) each.dispose();
  });
});

describe.each(Object.entries(more))('streams that begin at h[0]: %s', (_name, text) => {
  const architecture = network([cell(text), builtin('Jordan')]);
  const still = { ...update, learningRate: 0 };
  const x = (seed: number) => tokens(batch * steps, 5, seed);

  test('do as if they had never read anything, and the others read on', () => {
    const weights = weightsOf(architecture);
    for (const each of [reference, engine, twoParts]) {
      const loss = (reset: readonly number[] | undefined, row: number) => {
        const trained = each.train(architecture, shape, weights);
        trained.step(x(1), x(2), still);
        if (reset) trained.reset(reset);
        else trained.reset();
        const targets = x(4).map((token, i) => (Math.floor(i / steps) === row ? token : -1));
        const { loss } = trained.step(x(3), targets, still);
        trained.dispose();
        return loss;
      };
      expect(loss([1], 1)).toBe(loss(undefined, 1));
      expect(loss([1], 0)).toBe(loss([], 0));
      expect(loss([1], 1)).not.toBeCloseTo(loss([], 1), 6);
    }
  });

  test('go on in another network where they were, also of the other engine', () => {
    const weights = weightsOf(architecture);
    for (const each of [reference, engine, twoParts])
      for (const other of [reference, engine, twoParts]) {
        const [first, second] = [each, other].map((of) => of.train(architecture, shape, weights));
        expect(first.states()).toBeNull();
        first.step(x(1), x(2), still);
        expect(second.loadStates(first.states())).toBe(true);
        expect(second.states()).toEqual(first.states());
        expect(second.step(x(3), x(4), still).loss).toBeCloseTo(first.step(x(3), x(4), still).loss, 5);
        const larger = other.train(architecture, { ...shape, batch: batch + 1 }, weights);
        expect(larger.loadStates(first.states())).toBe(false);
        expect(larger.states()).toBeNull();
        for (const network of [first, second, larger]) network.dispose();
      }
  });
});

test('what is done aside is undone', () => {
  const architecture = network([builtin('LSTM'), cell(more['two lags'])]);
  const weights = weightsOf(architecture);
  const adam = { kind: 'adam', beta1: 0.9, beta2: 0.99, epsilon: 1e-3, weightDecay: 0 } as const;
  for (const each of [reference, engine, twoParts]) {
    const [plain, interrupted] = [0, 1].map(() =>
      each.train(architecture, { ...shape, optimizer: adam }, weights),
    );
    const step = (of: TrainableNetwork, seed: number) =>
      of.step(tokens(15, 5, seed), tokens(15, 5, seed + 9), update);
    for (const of of [plain, interrupted]) {
      step(of, 1);
      of.reset([2]);
    }
    const lesson = interrupted.aside(() => {
      interrupted.load(weights);
      interrupted.reset();
      interrupted.evaluate(tokens(80, 5, 7), tokens(80, 5, 8), 2);
      return step(interrupted, 2).loss;
    });
    expect(lesson).toBeCloseTo(
      each.train(architecture, shape, weights).step(tokens(15, 5, 2), tokens(15, 5, 11), update).loss,
      5,
    );
    expect(step(interrupted, 3)).toEqual(step(plain, 3));
    expect(interrupted.weights()).toEqual(plain.weights());
  }
});

test('nothing is updated when a gradient is not finite', () => {
  const architecture = network([builtin('Elman')]);
  const weights = weightsOf(architecture);
  const trained = engine.train(architecture, shape, weights);
  const broken = new Map(weights);
  broken.set('output.b', { shape: [5], data: new Float32Array(5).fill(Number.NaN) });
  trained.load(broken);
  const { gradientNorm } = trained.step(tokens(15, 5, 1), tokens(15, 5, 2), update);
  expect(gradientNorm).toBeNaN();
  expect(trained.weights().get('layers.0.U')).toEqual(weights.get('layers.0.U'));
});

test.each(stackableCells)('%s predicts as the reference', (name) => {
  const architecture = network([builtin(name), builtin(name)], { inputs: 6, outputs: 6 });
  const weights = weightsOf(architecture);
  const predictors = [reference, engine].map((each) => each.predict(architecture, weights));
  expect(predictors[1].stateSize).toBe(predictors[0].stateSize);
  const states = predictors.map((each) => each.initial());
  const logits = predictors.map(() => new Float32Array(6));
  for (const token of [0, 5, 3, 3, 1]) {
    for (const [index, each] of predictors.entries())
      each.next(states[index], token, states[index], logits[index]);
    for (let i = 0; i < 6; i++) expect(logits[1][i]).toBeCloseTo(logits[0][i], 4);
    for (const { name: state, at, width } of predictors[1].states) {
      const same = predictors[0].states.find(({ name }) => name === state)!;
      expect(same.width).toBe(width);
      for (let i = 0; i < width; i++) expect(states[1][at + i]).toBeCloseTo(states[0][same.at + i], 4);
    }
  }
  expect(predictors[1].states.length).toBe(predictors[0].states.length);
});

test('training keeps nothing on the heap of JavaScript', () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const used = () => {
    collect();
    return getHeapStatistics().used_heap_size;
  };
  const architecture = network([builtin('LSTM'), builtin('GRU')]);
  const trained = twoParts.train(architecture, shape, weightsOf(architecture));
  const [x, y] = [tokens(15, 5, 1), tokens(15, 5, 2)];
  const steps = 500;
  // The JavaScript engine's own bookkeeping grows now and then; what a step leaks grows in each round.
  const growth = Array.from({ length: 8 }, () => {
    const before = used();
    for (let step = 0; step < steps; step++) trained.step(x, y, update);
    return (used() - before) / steps;
  });
  expect(Math.min(...growth)).toBeLessThan(4);
});

test('the memory of the kernels does not grow in training, nor when it is evaluated in between', () => {
  const architecture = network([builtin('LSTM')]);
  const trained = engine.train(architecture, shape, weightsOf(architecture)) as WasmNetwork;
  const bytes = trained.memoryBytes;
  for (let step = 0; step < 50; step++) {
    trained.step(tokens(15, 5, step), tokens(15, 5, step + 1), update);
    trained.evaluate(tokens(15, 5, step), tokens(15, 5, step + 1), 1);
  }
  expect(trained.memoryBytes).toBe(bytes);
});

test('where memory cannot be shared, it runs on one thread all the same', async () => {
  vi.stubGlobal('SharedArrayBuffer', undefined);
  try {
    const spawn = vi.fn();
    const alone = (await startWasm({ read: readKernels, threads: 2, spawn }))!;
    checkAgainstReference(network([builtin('LSTM')]), {}, alone);
    expect(spawn).not.toHaveBeenCalled();
  } finally {
    vi.unstubAllGlobals();
  }
});

test('without SIMD there is no engine', async () => {
  const read = async () => Uint8Array.of(0);
  expect(await startWasm({ read, threads: 1, spawn: null })).toBeNull();
});

test('what the loss does not depend on has moments of its own all the same', () => {
  // The cell above reads nothing of the layer below.
  const architecture = network([builtin('LSTM'), cell('cell A\n h[t] = tanh(U h[t-1] + b)\n')]);
  const weights = weightsOf(architecture);
  for (const optimizer of optimizers) {
    const [wanted, found] = [reference, engine].map((each) => {
      const trained = each.train(architecture, { ...shape, optimizer }, weights);
      trained.step(tokens(15, 5, 1), tokens(15, 5, 2), update);
      const { moments } = trained.optimizer();
      trained.dispose();
      return moments;
    });
    for (const [index, moment] of wanted.entries())
      for (const [name, { data }] of moment)
        for (const [i, value] of data.entries())
          expect(found[index].get(name)!.data[i]).toBeCloseTo(value, 4);
  }
});

describe('an optimiser goes on where another network’s was', () => {
  const x = tokens(batch * steps, 5, 1);
  const y = tokens(batch * steps, 5, 2);
  /** TensorFlow.js keeps powers of Adam's betas, rounded at every update. */
  const engines: [string, () => Engine, tolerance: number][] = [
    ['compiled', () => engine, 0],
    ['compiled, in two parts', () => twoParts, 0],
    ['TensorFlow.js', () => reference, 1e-5],
  ];

  describe.each(engines)('%s', (_, of, tolerance) => {
    test.each(optimizers)('$kind', (optimizer) => {
      const architecture = network([builtin('GRU')]);
      const weights = weightsOf(architecture);
      const make = () => of().train(architecture, { ...shape, optimizer, dropout: 0.25 }, weights);
      const learn = (network: TrainableNetwork, times: number) => {
        for (let i = 0; i < times; i++) {
          network.reset();
          network.step(x, y, { ...update, learningRate: 0.01 });
        }
        return network.weights();
      };
      const networks = [make(), make(), make()];
      const [first, second, forgetful] = networks;
      const before = learn(first, 3);
      second.load(before, first.optimizer());
      forgetful.load(before);
      const wanted = learn(first, 3);
      const differs = (network: TrainableNetwork) => worstDifference(learn(network, 3), wanted, before);
      expect(differs(second)).toBeLessThanOrEqual(tolerance);
      // Without the optimiser's state, at least the dropout masks differ.
      expect(differs(forgetful)).toBeGreaterThan(1e-3);
      for (const network of networks) network.dispose();
    });
  });
});
