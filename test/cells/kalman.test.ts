// The linear dynamical system beside a Kalman filter: with its gain the states are the same, and trained by gradients it
// is as good as the filter that knows the system.
import { expect, test } from 'vitest';
import type { Architecture } from '../../src/backend/engine.ts';
import { startWasm } from '../../src/backend/wasm/engine.ts';
import { runCell } from '../../src/language/values.ts';
import { initialWeights } from '../../src/tape/parameters.ts';
import { random } from '../../src/tape/random.ts';
import { builtin } from '../backend/networks.ts';
import { readKernels } from '../kernels/modules.ts';

type Matrix = readonly (readonly number[])[];

/** A damped oscillation, z[t] = A z[t-1] + w, of which c z[t] + v is seen: w has variance q in each part, and v r. */
const A: Matrix = [
  [0.95 * Math.cos(0.4), -0.95 * Math.sin(0.4)],
  [0.95 * Math.sin(0.4), 0.95 * Math.cos(0.4)],
];
const c = [1, 0.3];
const q = 0.1;
const r = 0.5;

const times = (m: Matrix, v: readonly number[]) =>
  m.map((row) => row.reduce((sum, x, i) => sum + x * v[i], 0));
const product = (a: Matrix, b: Matrix): number[][] =>
  a.map((row) => b[0].map((_, j) => row.reduce((sum, x, k) => sum + x * b[k][j], 0)));
const transpose = (a: Matrix) => a[0].map((_, j) => a.map((row) => row[j]));
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * b[i], 0);

function gaussian(next: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

/** Draws what is seen of the system. */
function simulate(steps: number, seed: number): number[] {
  const next = random(seed);
  let z = [0, 0];
  return Array.from({ length: steps }, () => {
    z = times(A, z).map((value) => value + Math.sqrt(q) * gaussian(next));
    return dot(c, z) + Math.sqrt(r) * gaussian(next);
  });
}

interface Filtered {
  readonly states: number[][];
  /** The gain after the last step. */
  readonly gain: number[];
  /** The mean of -log p(x[t] | x[1] … x[t-1]) from step `from` on, in nats. */
  readonly nats: number;
}

/** The Kalman filter, with the covariance of each step. */
function filter(seen: readonly number[], from: number): Filtered {
  let mean = [0, 0];
  let covariance: Matrix = [
    [1, 0],
    [0, 1],
  ];
  let gain: number[] = [];
  let nats = 0;
  const states = seen.map((x, t) => {
    const expected = times(A, mean);
    const spread = product(product(A, covariance), transpose(A)).map((row, i) =>
      row.map((value, j) => value + (i === j ? q : 0)),
    );
    const along = times(spread, c);
    const variance = dot(c, along) + r;
    gain = along.map((value) => value / variance);
    const innovation = x - dot(c, expected);
    mean = expected.map((value, i) => value + gain[i] * innovation);
    covariance = spread.map((row, i) => row.map((value, j) => value - gain[i] * along[j]));
    if (t >= from) nats += 0.5 * (Math.log(2 * Math.PI * variance) + innovation ** 2 / variance);
    return mean;
  });
  return { states, gain, nats: nats / (seen.length - from) };
}

test('with the gain of the steady state, the states are those of the Kalman filter', () => {
  const seen = simulate(300, 1);
  const { states, gain } = filter(seen, 0);
  const values = runCell({
    cell: builtin('Kalman'),
    widths: { x: 1, h: 2, y: 1 },
    parameters: new Map([
      ['A', Float64Array.from(A.flat())],
      ['C', Float64Array.from(c)],
      ['K', Float64Array.from(gain)],
    ]),
    inputs: seen.map((x) => Float64Array.of(x)),
    readout: (h) => h,
  });
  // The value before the first step comes first.
  const [m, expected] = [values.get('m')!.slice(1), values.get('q')!.slice(1)];
  for (let t = 150; t < 300; t++) {
    for (const unit of [0, 1]) expect(m[t][unit]).toBeCloseTo(states[t][unit], 6);
    expect(expected[t][0]).toBeCloseTo(dot(c, times(A, states[t])), 6);
  }
});

test('trained by its likelihood, it predicts as well as the filter that knows the system', async () => {
  const engine = (await startWasm({ read: readKernels, threads: 1, spawn: null }))!;
  const network: Architecture = {
    inputs: 1,
    input: 'numbers',
    outputs: 1,
    likelihood: 'gaussian',
    embedding: 0,
    tied: false,
    head: { kind: 'every step' },
    layers: [{ cell: builtin('Kalman'), hidden: 2 }],
  };
  const [batch, steps, windows] = [16, 50, 40];
  const learned = Float32Array.from(simulate(batch * steps * windows + 1, 2));
  const optimizer = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 } as const;
  const shape = { batch, steps, optimizer, dropout: 0, seed: 1 };
  const trained = engine.train(network, shape, initialWeights(network, 1), {
    inputs: learned,
    targets: learned,
  });
  const length = steps * windows;
  const passes = 25;
  for (let update = 0; update < passes * windows; update++) {
    const from = (update % windows) * steps;
    if (from === 0) trained.reset();
    const x = Int32Array.from(
      { length: batch * steps },
      (_, i) => Math.floor(i / steps) * length + from + (i % steps),
    );
    const learningRate = 0.02 * (1 - update / (passes * windows));
    trained.step(
      x,
      x.map((row) => row + 1),
      { learningRate, clip: 1, l1: 0, l2: 0, carry: steps },
    );
  }
  const washout = 50;
  const seen = simulate(8000, 3);
  const asked = Float32Array.from(seen);
  const reader = engine.train(network, { ...shape, batch: 1 }, trained.weights(), {
    inputs: asked,
    targets: asked,
  });
  const x = Int32Array.from({ length: seen.length - 1 }, (_, i) => i);
  const y = x.map((row) => (row + 1 < washout ? -1 : row + 1));
  const found = reader.evaluate(x, y, 1);
  trained.dispose();
  reader.dispose();
  const { nats } = filter(seen, washout);
  // Nothing predicts better on average; the last few thousandths of a nat are chance.
  expect(found).toBeGreaterThan(nats - 0.002);
  expect(found).toBeLessThan(nats + 0.01);
});
