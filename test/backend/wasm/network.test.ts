// Compares the compiled engine with the reference: losses, gradients, updates, states, predictions.
import { describe, expect, test } from 'vitest';
import type { TrainableNetwork } from '../../../src/backend/engine.ts';
import { builtinCells } from '../../../src/cells/index.ts';
import { initialWeights } from '../../../src/tape/parameters.ts';
import { builtin, cell, functionsOfOne, network, stackableCells, tokens } from '../networks.ts';
import {
  batch,
  checkAgainstReference,
  engine,
  more,
  optimizers,
  reference,
  shape,
  steps,
  twoParts,
  update,
  weightsOf,
  worstDifference,
} from './reference.ts';

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
