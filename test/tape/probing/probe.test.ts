// Compares what the probe measures with other ways to compute it.
import { beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../../src/backend/engine.ts';
import { startWasm } from '../../../src/backend/wasm/engine.ts';
import type { WasmNetwork } from '../../../src/backend/wasm/network.ts';
import { builtinCells, cellsWithoutEncoder } from '../../../src/cells/index.ts';
import { initialWeights, type Weights } from '../../../src/tape/parameters.ts';
import { Probe } from '../../../src/tape/probing/probe.ts';
import { builtin, cell, network, tokens } from '../../backend/networks.ts';
import { readKernels } from '../../kernels/modules.ts';

let engine: Engine;

beforeAll(async () => {
  engine = (await startWasm({ read: readKernels, threads: 1, spawn: null }))!;
});

const norm = (values: ArrayLike<number>) => Math.hypot(...Array.from(values));

/**
 * Adds `E_s x[t]` to each state s, with E_s = 0: the gradient of a token's column of E_s is then that of s.
 */
function bumped(name: string): { text: string; states: string[] } {
  const states = builtin(name)
    .equations.filter(({ maxLag }) => maxLag > 0)
    .map((equation) => equation.name);
  const text = states.reduce(
    (before, state) =>
      before.replace(
        new RegExp(`^( *${state}\\[t\\] = )([^#\\n]*)`, 'm'),
        (_, left: string, right: string) => `${left}(${right.trim()}) + E_${state} x[t] `,
      ),
    builtinCells.get(name)!,
  );
  return { text, states };
}

describe('the gradient by lag is that of what is added to the state when its token is read', () => {
  const lags = 7;
  const steps = lags + 1;

  test.each([...cellsWithoutEncoder.keys()])('%s', (name) => {
    const { text, states } = bumped(name);
    const one = cell(text);
    // No token occurs twice, so each stands for a step.
    const architecture = network([one, one], { inputs: steps + 1, outputs: steps + 1 });
    const weights = initialWeights(architecture, 5);
    for (const [parameter, { data }] of weights) if (/\.E_\w+$/.test(parameter)) data.fill(0);
    const text8 = Int32Array.from({ length: steps + 1 }, (_, i) => i);
    const { gradientByLag } = new Probe(architecture, lags).look(weights, text8.slice(0, -1), steps);

    const shape = { batch: 1, steps, optimizer: { kind: 'sgd' }, dropout: 0, seed: 1 } as const;
    const trained = engine.train(architecture, shape, weights) as WasmNetwork;
    const targets = new Int32Array(steps).fill(-1);
    targets[steps - 1] = text8[steps];
    trained.step(text8.slice(0, steps), targets, {
      learningRate: 0,
      clip: Number.POSITIVE_INFINITY,
      l1: 0,
      l2: 0,
      carry: steps,
    });
    const gradients = trained.gradients();
    trained.dispose();
    expect(Object.keys(gradientByLag).sort()).toEqual(
      [0, 1].flatMap((layer) => states.map((state) => `layers.${layer}.${state}`)).sort(),
    );
    // The first layer alone reads the tokens themselves.
    for (const state of states) {
      const { shape: size, data } = gradients.get(`layers.0.E_${state}`)!;
      for (let lag = 0; lag <= lags; lag++) {
        const token = steps - 1 - lag;
        const column = Array.from({ length: size[0] }, (_, row) => data[row * size[1] + token]);
        const expected = norm(column);
        const found = gradientByLag[`layers.0.${state}`][lag];
        expect(Math.abs(found - expected), `${state} at lag ${lag}: ${found}, not ${expected}`).toBeLessThan(
          1e-4 * Math.max(1e-2, expected),
        );
      }
    }
  });
});

test.each([
  [0.9, 0.005154],
  [1, 1],
  [1.1, 117.39],
])(
  'an Elman network with recurrent radius %d: over 50 steps a gradient changes by %d',
  (radius, expected) => {
    const elman = cell(
      'cell Elman\n  h[t] = tanh(W x[t] + U h[t-1])\n  init U = orthogonal\n  init W = normal(1e-6)\n',
    );
    const architecture = { ...network([elman]), layers: [{ cell: elman, hidden: 16 }] };
    const weights = initialWeights(architecture, 2);
    const { data } = weights.get('layers.0.U')!;
    for (let i = 0; i < data.length; i++) data[i] *= radius;
    const probed = new Probe(architecture, 50).look(weights, tokens(51, 5, 3), 2);
    const line = probed.gradientByLag['layers.0.h'];
    expect(line).toHaveLength(51);
    expect(line[50] / line[0] / expected).toBeCloseTo(1, 3);
    expect(probed.spectralRadius['layers.0.U']).toBeCloseTo(radius, 2);
    // The states stay near 0, where tanh is the identity.
    expect(probed.lyapunov).toHaveLength(2);
    for (const exponent of probed.lyapunov) expect(exponent).toBeCloseTo(Math.log(radius), 3);
  },
);

test.each([0.3, 3])('what changes by %d with every step is still a number after 200', (factor) => {
  const linear = cell('cell Linear\n  h[t] = W x[t] + U h[t-1]\n  init U = identity\n');
  const architecture = network([linear]);
  const weights = initialWeights(architecture, 2);
  weights.get('layers.0.W')!.data.fill(0);
  const { data } = weights.get('layers.0.U')!;
  for (let i = 0; i < data.length; i++) data[i] *= factor;
  const line = new Probe(architecture, 200).look(weights, tokens(201, 5, 3), 2).gradientByLag['layers.0.h'];
  // The weight itself is a number of 32 bits.
  expect(line[200] / line[0] / Math.fround(factor) ** 200).toBeCloseTo(1, 3);
});

describe('saturation', () => {
  const saturation = (bias: number): Readonly<Record<string, number>> => {
    const architecture = network([builtin('LSTM')]);
    const weights: Weights = initialWeights(architecture, 2);
    weights.get('layers.0.b_i')!.data.fill(bias);
    return new Probe(architecture, 5).look(weights, tokens(6, 5, 3), 2).saturation;
  };

  test.each([
    [0, 0],
    [20, 1],
    [-20, 1],
  ])('of an input gate with a bias of %d is %d', (bias, share) => {
    expect(saturation(bias)['layers.0.i']).toBe(share);
  });

  test('is told of every gate and of nothing else', () => {
    expect(Object.keys(saturation(0)).sort()).toEqual(['f', 'g', 'i', 'o'].map((name) => `layers.0.${name}`));
  });
});

test('the matrices that multiply an earlier step have a radius, the others none', () => {
  const radii = (name: string) => {
    const architecture = network([builtin(name)], { embedding: 4 });
    const { spectralRadius } = new Probe(architecture, 3).look(
      initialWeights(architecture, 1),
      tokens(4, 5, 3),
      2,
    );
    return Object.keys(spectralRadius).sort();
  };
  expect(radii('GRU')).toEqual(['layers.0.U_g', 'layers.0.U_r', 'layers.0.U_z']);
  expect(radii('Babylonian')).toEqual([]);
});

describe('the tokens after the row', () => {
  const architecture = network([builtin('LSTM'), builtin('GRU')], { inputs: 5, outputs: 5 });
  const weights = initialWeights(architecture, 3);
  const text = tokens(9, 5, 1);

  test('change nothing of what is measured on the row', () => {
    const alone = new Probe(architecture, 5).look(weights, text.subarray(0, 6), text[6]);
    const { gradientByLag } = new Probe(architecture, 5, 3).look(
      weights,
      text.subarray(0, 6),
      text[6],
      text.subarray(6),
    );
    expect(gradientByLag).toEqual(alone.gradientByLag);
  });

  test('have the values that they have at the end of a longer row', () => {
    const longer = new Probe(architecture, 8);
    longer.look(weights, text, 0);
    const probe = new Probe(architecture, 5, 3);
    probe.look(weights, text.subarray(0, 6), text[6], text.subarray(6));
    expect(probe.names).toEqual([
      ...['f', 'i', 'o', 'g', 'c', 'h'].map((name) => `layers.0.${name}`),
      ...['z', 'r', 'g', 'h'].map((name) => `layers.1.${name}`),
    ]);
    for (const name of probe.names) {
      expect(probe.values(name)).toHaveLength(9);
      expect(probe.values(name)).toEqual(longer.values(name));
    }
  });
});
