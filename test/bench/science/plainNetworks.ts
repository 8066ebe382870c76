// Plain tanh networks on problems of Hochreiter & Schmidhuber (1997), trained by Hessian-free optimisation as Martens &
// Sutskever (2011) did it, and by gradient descent from the same initial weights. Sequences are drawn afresh for every
// update. Gradient descent gets as many passes over sequences as Hessian-free optimisation has taken, at each of several
// learning rates, of which the best counts.
import type { Engine, LookupTables } from '../../../src/backend/engine.ts';
import { readCells } from '../../../src/language/check.ts';
import type { HessianFreeOptimizer } from '../../../src/language/options/options.ts';
import type { Architecture } from '../../../src/tape/architecture.ts';
import type { GaussNewton } from '../../../src/tape/gaussNewton.ts';
import { initialWeights, type Weights } from '../../../src/tape/parameters.ts';
import { HessianFree } from '../../../src/training/hessianFree.ts';

/** The number of sequences on which weights are tried. */
export const tried = 2000;

/** A task is solved where at most this share is wrong (Martens & Sutskever 2011, section 5.1). */
export const mistaken = 0.01;

/** The seed of the sequences on which weights are tried, and that of the initial weights. */
export const trialSeed = 0;
const weightSeed = 1;

export interface Sequences {
  readonly x: Int32Array;
  readonly y: Int32Array;
}

/** A problem, and how it is trained on. */
export interface Problem {
  readonly name: string;
  /** T, the number of steps of a sequence. */
  readonly length: number;
  /** The number of sequences of a Hessian-free update, and the options of these updates. */
  readonly batch: number;
  readonly optimizer: HessianFreeOptimizer;
  readonly architecture: Architecture;
  readonly tables: LookupTables | null;
  /** Draws the batch of an update. */
  draw(rows: number, seed: number): Sequences;
  /** Whether the outputs of a sequence are wrong. */
  isWrong(outputs: Float32Array, target: number): boolean;
}

/** The ends and the one layer that the networks of all problems have. @param cell its text */
export const plainNetwork = (cell: string, hidden: number) =>
  ({
    embedding: 0,
    layers: [{ cell: readCells(cell).cells[0], hidden }],
    tied: false,
    head: { kind: 'every step' },
  }) as const;

/** Returns the share of sequences that are not trained on and that weights get wrong. */
function mistakes(
  engine: Engine,
  { length, architecture, tables, draw, isWrong }: Problem,
  weights: Weights,
): number {
  const rows = 100;
  const shape = { batch: rows, steps: 1, optimizer: { kind: 'sgd' }, dropout: 0, seed: 1 } as const;
  const network = engine.train(architecture, shape, weights, tables);
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

const mostUpdates = 150;

export function solveHessianFree(engine: Engine, problem: Problem, say: (line: string) => void): Solution {
  const { length, architecture, tables, batch, optimizer } = problem;
  const shape = { batch, steps: length, dropout: 0, structural: true };
  const matrix = engine.gaussNewton!(architecture, shape, tables);
  matrix.load(initialWeights(architecture, weightSeed));
  let passes = 0;
  const counting = countingPasses(matrix, () => {
    passes += batch;
  });
  const descent = new HessianFree(counting, optimizer, { l1: 0, l2: 2e-6 });
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
  const { length, architecture, tables } = problem;
  let least = 1;
  for (const learningRate of rates) {
    const optimizer = { kind: 'sgd' } as const;
    const shape = { batch: descentBatch, steps: length, optimizer, dropout: 0, seed: 1 };
    const network = engine.train(architecture, shape, initialWeights(architecture, weightSeed), tables);
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
