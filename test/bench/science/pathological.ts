// Two of the pathological problems of Hochreiter & Schmidhuber (1997), on which Martens & Sutskever (2011) trained plain
// tanh networks by Hessian-free optimisation, with T = 50:
// - addition: each step has a number between 0 and 1 and a marker; the mean of the two marked numbers is said at the end.
//   One is among the first tenth, the other in the first half. Right is what is less than 0.04 off.
// - temporal order: of all symbols two are X or Y, one in the second tenth of the sequence and one in the sixth; which of
//   the four orders it was is said at the end.
// Sequences are drawn afresh for every update. Gradient descent gets as many passes over sequences as Hessian-free
// optimisation has taken, at each of several learning rates, of which the best counts.
import type { Engine, Series } from '../../../src/backend/engine.ts';
import { readCells } from '../../../src/language/check.ts';
import type { Architecture } from '../../../src/tape/architecture.ts';
import type { GaussNewton } from '../../../src/tape/gaussNewton.ts';
import { initialWeights, type Weights } from '../../../src/tape/parameters.ts';
import { random } from '../../../src/tape/random.ts';
import { HessianFree } from '../../../src/training/hessianFree.ts';

export const length = 50;
export const tried = 2000;

/** A task is solved where at most this share is wrong (Martens & Sutskever 2011, section 5.1). */
export const mistaken = 0.01;

const hidden = 32;

/** The seed of the sequences on which weights are tried, and that of the initial weights. */
const trialSeed = 0;
const weightSeed = 1;

/** The recurrent matrix begins sparse, with a spectral radius a little above 1. */
const cell = readCells(`cell Plain
  h[t] = tanh(W x[t] + U h[t-1] + b)
  init U = sparse(0.25) radius 1.1
`).cells[0];

interface Sequences {
  readonly x: Int32Array;
  readonly y: Int32Array;
}

interface Problem {
  readonly architecture: Architecture;
  readonly series: Series | null;
  /** Draws the batch of an update. */
  draw(rows: number, seed: number): Sequences;
  /** Whether the outputs of a sequence are wrong. */
  isWrong(outputs: Float32Array, target: number): boolean;
}

const layers = [{ cell, hidden }];
const common = { embedding: 0, layers, tied: false, head: { kind: 'every step' } } as const;

/** The numbers of all sequences stand in one table, from which batches draw sequences. */
function addition(): Problem {
  const stored = 20_000;
  const next = random(11);
  const inputs = new Float32Array(stored * length * 2);
  const targets = new Float32Array(stored * length);
  for (let sequence = 0; sequence < stored; sequence++) {
    const first = Math.floor((next() * length) / 10);
    const second = Math.floor(length / 10 + next() * (length / 2 - length / 10));
    let sum = 0;
    for (let t = 0; t < length; t++) {
      const row = sequence * length + t;
      const value = next();
      const isMarked = t === first || t === second;
      inputs.set([value, isMarked ? 1 : 0], 2 * row);
      if (isMarked) sum += value;
      targets[row] = sum / 2;
    }
  }
  return {
    architecture: { ...common, inputs: 2, input: 'numbers', outputs: 1, likelihood: 'gaussian' },
    series: { inputs, targets },
    draw(rows, seed) {
      const draw = random(seed);
      // The first sequences are left for the trial.
      const isTrial = seed === trialSeed;
      const x = new Int32Array(rows * length);
      const y = new Int32Array(rows * length).fill(-1);
      for (let row = 0; row < rows; row++) {
        const sequence = isTrial ? row : tried + Math.floor(draw() * (stored - tried));
        for (let t = 0; t < length; t++) x[row * length + t] = sequence * length + t;
        y[row * length + length - 1] = sequence * length + length - 1;
      }
      return { x, y };
    },
    isWrong: ([mean], target) => Math.abs(mean - targets[target]) >= 0.04,
  };
}

function temporalOrder(): Problem {
  const symbols = 6;
  return {
    architecture: { ...common, inputs: symbols, outputs: 4 },
    series: null,
    draw(rows, seed) {
      const next = random(seed);
      const x = Int32Array.from({ length: rows * length }, () => 2 + Math.floor(next() * (symbols - 2)));
      const y = new Int32Array(rows * length).fill(-1);
      for (let row = 0; row < rows; row++) {
        const [a, b] = [Math.floor(next() * 2), Math.floor(next() * 2)];
        x[row * length + Math.floor(((1 + next()) * length) / 10)] = a;
        x[row * length + Math.floor(((5 + next()) * length) / 10)] = b;
        y[row * length + length - 1] = 2 * a + b;
      }
      return { x, y };
    },
    isWrong: (logits, target) => logits.some((value, index) => index !== target && value >= logits[target]),
  };
}

export const problems = { addition, 'temporal order': temporalOrder };

/** Returns the share of sequences that are not trained on and that weights get wrong. */
function mistakes(
  engine: Engine,
  { architecture, series, draw, isWrong }: Problem,
  weights: Weights,
): number {
  const rows = 100;
  const shape = { batch: rows, steps: 1, optimizer: { kind: 'sgd' }, dropout: 0, seed: 1 } as const;
  const network = engine.train(architecture, shape, weights, series);
  const { x, y } = draw(tried, trialSeed);
  let wrong = 0;
  for (let from = 0; from < tried; from += rows) {
    const part = (of: Int32Array) => of.slice(from * length, (from + rows) * length);
    const targets = part(y);
    network.logits(part(x), targets, rows, (index, outputs) => {
      if (isWrong(outputs, targets[index])) wrong++;
    });
  }
  network.dispose();
  return wrong / tried;
}

export interface Solution {
  readonly wrong: number;
  /** The number of sequences that were passed through the network, forward or both ways. */
  readonly passes: number;
}

const batch = 1000;
const mostUpdates = 150;

export function solveHessianFree(engine: Engine, problem: Problem, say: (line: string) => void): Solution {
  const { architecture, series } = problem;
  const shape = { batch, steps: length, dropout: 0, structural: true };
  const matrix = engine.gaussNewton!(architecture, shape, series);
  matrix.load(initialWeights(architecture, weightSeed));
  let passes = 0;
  const counting = countingPasses(matrix, () => {
    passes += batch;
  });
  const options = { kind: 'hessian-free', damping: 1, structuralDamping: 0.03, iterations: 50 } as const;
  const descent = new HessianFree(counting, options, { l1: 0, l2: 2e-6 });
  let wrong = 1;
  for (let update = 1; update <= mostUpdates && wrong > mistaken; update++) {
    const drawn = problem.draw(batch, update);
    const { loss } = descent.step({ ...drawn, fresh: new Int32Array(batch), states: null, seed: 1 });
    if (update % 2 !== 0) continue;
    wrong = mistakes(engine, problem, matrix.weights());
    say(
      `update ${update}: loss ${loss.toFixed(3)}, damping ${descent.damping.toPrecision(2)}, ${(100 * wrong).toFixed(1)} % wrong, ${passes.toLocaleString('en')} passes`,
    );
  }
  return { wrong, passes };
}

/** Calls `count` before each pass over a batch. */
function countingPasses(matrix: GaussNewton, count: () => void): GaussNewton {
  return new Proxy(matrix, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      if (['product', 'gradient', 'loss'].includes(String(name))) count();
      return value.bind(target);
    },
    set: (target, name, value) => Reflect.set(target, name, value, target),
  });
}

/** The learning rates that gradient descent is tried with. */
const rates = [0.1, 0.03];
const descentBatch = 20;

/** @param passes the number of sequences that are passed through the network */
export function solveGradientDescent(
  engine: Engine,
  problem: Problem,
  passes: number,
  say: (line: string) => void,
): Solution {
  const { architecture, series } = problem;
  let least = 1;
  for (const learningRate of rates) {
    const optimizer = { kind: 'sgd' } as const;
    const shape = { batch: descentBatch, steps: length, optimizer, dropout: 0, seed: 1 };
    const network = engine.train(architecture, shape, initialWeights(architecture, weightSeed), series);
    const updates = Math.floor(passes / descentBatch);
    for (let update = 1; update <= updates; update++) {
      const { x, y } = problem.draw(descentBatch, update);
      network.reset();
      network.step(x, y, { learningRate, clip: 1, l1: 0, l2: 2e-6, carry: length });
    }
    const wrong = mistakes(engine, problem, network.weights());
    network.dispose();
    say(`gradient descent at ${learningRate}: ${(100 * wrong).toFixed(1)} % wrong`);
    least = Math.min(least, wrong);
  }
  return { wrong: least, passes };
}
