// Fixed points beside values that are known in closed form.
import { beforeAll, expect, test } from 'vitest';
import type { Architecture, Engine, Weights } from '../../src/backend/engine.ts';
import { startWasm } from '../../src/backend/wasm/engine.ts';
import { fixedPoints } from '../../src/inspection/fixedPoints.ts';
import { initialWeights } from '../../src/tape/parameters.ts';
import { cell, network } from '../backend/networks.ts';
import { readKernels } from '../kernels/modules.ts';

let engine: Engine;
beforeAll(async () => {
  engine = (await startWasm({ read: readKernels, threads: 1, spawn: null }))!;
});

/** Returns the fixed points of a cell of one unit, [token, state], begun at `start`. */
function of(text: string, start: number, tokens: readonly number[] = [0]): [number, number][] {
  const architecture: Architecture = {
    ...network([], { inputs: 2, outputs: 2 }),
    layers: [{ cell: cell(text), hidden: 1 }],
  };
  const weights = new Map(initialWeights(architecture, 1)) as Weights & Map<string, { data: Float32Array }>;
  weights.get('layers.0.W')?.data.set([1, -3]);
  const predictor = engine.predict(architecture, weights);
  const found = fixedPoints(predictor, Float32Array.of(start), tokens);
  predictor.dispose();
  return found.map(({ token, state }) => [token, state[0]]);
}

test('a linear cell rests where input and decay are equal, at another point for each token', () => {
  const [[a, first], [b, second]] = of('cell Decay\n  h[t] = 0.5 * h[t-1] + W x[t]\n', 0, [0, 1]);
  expect([a, b]).toEqual([0, 1]);
  expect(first).toBeCloseTo(2, 4);
  expect(second).toBeCloseTo(-6, 4);
});

test('a cell with two attractors rests at that in whose basin it begins', () => {
  // The solutions of h = tanh(2 h); the one between them, 0, repels.
  const root = 0.957504024;
  const latch = 'cell Latch\n  h[t] = tanh(2 * h[t-1])\n';
  expect(of(latch, 0.1)[0][1]).toBeCloseTo(root, 4);
  expect(of(latch, -0.1)[0][1]).toBeCloseTo(-root, 4);
});

test('a cell that goes through a cycle, or grows, has none', () => {
  expect(of('cell Turn\n  h[t] = -h[t-1]\n', 1)).toEqual([]);
  expect(of('cell Count\n  h[t] = h[t-1] + 1\n', 0)).toEqual([]);
});
