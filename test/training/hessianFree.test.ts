// Hessian-free optimisation on batches of its own, and runs that are trained so.
import { beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../src/backend/engine.ts';
import { startTfjs } from '../../src/backend/tfjs/engine.ts';
import { startWasm } from '../../src/backend/wasm/engine.ts';
import { readCorpus } from '../../src/data/text/corpus.ts';
import { TextDataset } from '../../src/data/text/textDataset.ts';
import { trainWithDefaults } from '../../src/language/options/optionDefaults.ts';
import type { TrainValues } from '../../src/language/options/optionKinds.ts';
import type { HessianFreeOptimizer } from '../../src/language/options/options.ts';
import type { RunPoints } from '../../src/protocol/run.ts';
import { GaussNewton } from '../../src/tape/gaussNewton.ts';
import { initialWeights } from '../../src/tape/parameters.ts';
import { random } from '../../src/tape/random.ts';
import { scalarKernels } from '../../src/tape/scalar/scalarKernels.ts';
import type { Checkpoint } from '../../src/training/checkpoint.ts';
import { Controls } from '../../src/training/controls.ts';
import { HessianFree } from '../../src/training/hessianFree.ts';
import { train } from '../../src/training/trainer.ts';
import { builtin, network } from '../backend/networks.ts';
import { readKernels } from '../kernels/modules.ts';

const options: HessianFreeOptimizer = {
  kind: 'hessian-free',
  damping: 0.01,
  structuralDamping: 0,
  iterations: 100,
};

describe('on one batch', () => {
  const rows = 12;
  const steps = 6;
  const next = random(2);
  const x = Int32Array.from({ length: rows * steps }, () => Math.floor(next() * 5));
  // What is to be said is what was read two steps before.
  const y = x.map((_, i) => (i % steps < 2 ? -1 : x[i - 2]));
  const batch = { x, y, fresh: new Int32Array(rows), states: null, seed: 1 };

  function descend(
    name: string,
    { updates, ...more }: { updates: number; structuralDamping?: number; l2?: number },
  ): { losses: number[]; descent: HessianFree; matrix: GaussNewton } {
    const architecture = network([], { layers: [{ cell: builtin(name), hidden: 8 }] });
    const memory = (words: number) => {
      const floats = new Float64Array(words);
      return { floats, integers: floats, kernels: scalarKernels(floats) };
    };
    const { structuralDamping = 0, l2 = 0 } = more;
    const structural = structuralDamping > 0;
    const matrix = new GaussNewton(architecture, {
      batch: rows,
      steps,
      dropout: 0,
      structural,
      start: 0,
      memory,
    });
    matrix.load(initialWeights(architecture, 1));
    const descent = new HessianFree(matrix, { ...options, structuralDamping }, { l1: 0, l2 });
    const losses = Array.from({ length: updates }, () => descent.step(batch).loss);
    return { losses, descent, matrix };
  }

  test.each([0, 0.1])(
    'every update lowers the loss, which is learned (structural damping %d)',
    (structuralDamping) => {
      const { losses } = descend('Elman', { updates: 30, structuralDamping });
      expect([...losses].sort((a, b) => b - a)).toEqual(losses);
      expect(losses[0]).toBeGreaterThan(1.5);
      expect(losses.at(-1)).toBeLessThan(0.1);
    },
  );

  test('the damping falls where the model is right, as it is over fixed layers', () => {
    const { descent, losses } = descend('EchoState', { updates: 8 });
    expect(descent.damping).toBeLessThan(options.damping);
    expect(losses.at(-1)).toBeLessThan(losses[0]);
  });

  test('a penalty makes the weights smaller', () => {
    const size = (l2: number) => {
      const { matrix } = descend('Elman', { updates: 10, l2 });
      return Math.hypot(...matrix.parameters);
    };
    expect(size(0.05)).toBeLessThan(0.7 * size(0));
  });
});

describe('a run', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = (await startWasm({ read: readKernels, threads: 1, spawn: null }))!;
  });

  const next = random(6);
  const one = (words: readonly string[]) => words[Math.floor(next() * words.length)];
  const line = () =>
    `${one(['the cat', 'a dog', 'the owl'])} ${one(['sees', 'hears'])} ${one(['it', 'all'])}.\n`;
  const corpus = readCorpus(Array.from({ length: 150 }, line).join(''));
  const dataset = new TextDataset(corpus);
  const { size } = corpus.vocabulary;
  const architecture = network([], {
    inputs: size,
    outputs: size,
    layers: [{ cell: builtin('Elman'), hidden: 20 }],
  });

  const runOn = async (
    on: Engine,
    { updates, ...values }: Partial<TrainValues> & { updates: number },
    checkpoint: Checkpoint | null = null,
  ) => {
    const points: RunPoints[] = [];
    let last: Checkpoint | null = null;
    const controls = Controls.none();
    let made = 0;
    const { result, best } = await train({
      dataset,
      metric: null,
      architecture,
      model: { dropout: 0 },
      options: trainWithDefaults({
        k1: 20,
        k2: 20,
        batch: 16,
        reset: 0.2,
        seconds: null,
        epochs: 99,
        ...values,
      }),
      engine: on,
      weights: initialWeights(architecture, 1),
      checkpoint,
      probe: null,
      controls,
      breathe: async () => {},
      now: () => 0,
      observer: {
        started() {},
        paused() {},
        resumed() {},
        improved() {},
        progress: (_, fresh, copy) => {
          points.push(fresh);
          made += fresh.steps.length;
          if (made === updates) {
            last = copy();
            controls.send({ type: 'stop' });
          }
        },
        async ended() {},
      },
    });
    return { result, best, last: last!, steps: points.flatMap(({ steps }) => steps) };
  };

  test('on a text learns more in ten updates than gradient descent does', async () => {
    const free = await runOn(engine, { optimizer: 'hessian-free', updates: 10 });
    const descended = await runOn(engine, { optimizer: 'sgd', learningRate: 0.1, updates: 10 });
    expect(free.steps).toHaveLength(10);
    expect(free.steps.every(({ clip, gradientNorm }) => clip === null && gradientNorm > 0)).toBe(true);
    expect(free.steps.at(-1)!.loss).toBeLessThan(0.7 * descended.steps.at(-1)!.loss);
  });

  test('goes on from a checkpoint as if it had not stopped', async () => {
    const asked = { optimizer: 'hessian-free' as const, iterations: 10 };
    const whole = await runOn(engine, { ...asked, updates: 6 });
    const half = await runOn(engine, { ...asked, updates: 3 });
    expect(half.last.optimizer.moments).toHaveLength(1);
    const rest = await runOn(engine, { ...asked, updates: 3 }, half.last);
    expect(rest.last.damping).toBe(whole.last.damping);
    for (const [name, { data }] of rest.last.weights)
      for (const [i, value] of data.entries())
        expect(Math.abs(value - whole.last.weights.get(name)!.data[i])).toBeLessThan(1e-3);
  });

  test('with k2 ≠ k1 reads on as well', async () => {
    for (const k2 of [10, 30]) {
      const { steps } = await runOn(engine, { optimizer: 'hessian-free', k2, updates: 3 });
      expect(steps.at(-1)!.loss).toBeLessThan(steps[0].loss);
    }
  });

  test('needs WebAssembly', async () => {
    const { engine: reference } = await startTfjs('', 'cpu');
    await expect(runOn(reference, { optimizer: 'hessian-free', updates: 1 })).rejects.toThrow(
      'Hessian-free optimisation runs on WebAssembly alone',
    );
  });
});
