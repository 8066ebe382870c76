// Trains the compiled engine and the reference, which is TensorFlow.js, on the same windows, and compares them.
import { expect } from 'vitest';
import type {
  Architecture,
  Engine,
  TrainableNetwork,
  TrainingShape,
  Update,
} from '../../../src/backend/engine.ts';
import { startTfjs } from '../../../src/backend/tfjs/engine.ts';
import { startWasm } from '../../../src/backend/wasm/engine.ts';
import type { GradientOptimizer } from '../../../src/language/options/options.ts';
import { initialWeights, type Weights } from '../../../src/tape/parameters.ts';
import { random } from '../../../src/tape/random.ts';
import { readKernels } from '../../kernels/modules.ts';
import { tokens } from '../networks.ts';

export const { engine: reference } = await startTfjs('', 'cpu');
export const engine = (await startWasm({ read: readKernels, threads: 1, spawn: null }))!;
/** The compiled engine with the parts of two threads, which run one after the other. */
export const twoParts = (await startWasm({ read: readKernels, threads: 2, spawn: null }))!;

export const batch = 3;
export const steps = 5;
export const shape: TrainingShape = { batch, steps, optimizer: { kind: 'sgd' }, dropout: 0, seed: 1 };
export const update: Update = {
  learningRate: 0.5,
  clip: Number.POSITIVE_INFINITY,
  l1: 0,
  l2: 0,
  carry: steps,
};

/** Returns initial weights, moved away from the zeros that initialisers leave. */
export function weightsOf(architecture: Architecture): Weights {
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
export function worstDifference(actual: Weights, expected: Weights, before: Weights): number {
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
export function checkAgainstReference(
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

/** Cells with what no built-in cell has. */
export const more: Record<string, string> = {
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

export const optimizers: GradientOptimizer[] = [
  { kind: 'sgd' },
  { kind: 'momentum', momentum: 0.9 },
  { kind: 'nesterov', momentum: 0.9 },
  { kind: 'nesterov', momentum: 0.9, schedule: 'rising' },
  { kind: 'rmsprop', rho: 0.9, epsilon: 1e-3 },
  { kind: 'adam', beta1: 0.9, beta2: 0.99, epsilon: 1e-3, weightDecay: 0 },
  { kind: 'adamw', beta1: 0.9, beta2: 0.99, epsilon: 1e-3, weightDecay: 0.1 },
];
