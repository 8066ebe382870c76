// The loop around an engine, on one that is told what to say.
import { describe, expect, test } from 'vitest';
import type { Engine, StepResult, TrainableNetwork } from '../../src/backend/engine.ts';
import { completeModel, completeTrain, type TrainValues } from '../../src/language/optionTable.ts';
import { appendPoints, emptyPoints } from '../../src/protocol/run.ts';
import { readCorpus } from '../../src/training/corpus.ts';
import { train } from '../../src/training/trainer.ts';
import { builtin, network } from '../backend/networks.ts';

const corpus = readCorpus('abcdefgh\n'.repeat(2000));

/** An engine of which each update is a second on the clock, and whose weight counts the updates since the last load. */
function scripted(script: { step?: (n: number) => Partial<StepResult>; evaluate?: (n: number) => number }) {
  let clock = 0;
  let updates = 0;
  let state = 0;
  const rates: number[] = [];
  const loads: number[] = [];
  const made: TrainableNetwork = {
    parameterCount: 1,
    reset() {},
    step(_x, _y, update) {
      clock += 1000;
      updates++;
      state++;
      rates.push(update.learningRate);
      return { loss: 1, gradientNorm: 1, ...script.step?.(updates) };
    },
    advance() {},
    evaluate: () => script.evaluate?.(updates) ?? 100 / updates,
    weights: () => new Map([['w', { shape: [1], data: Float32Array.of(state) }]]),
    load(weights) {
      state = weights.get('w')!.data[0];
      loads.push(state);
    },
    dispose() {},
  };
  const engine: Engine = {
    name: 'tfjs-cpu',
    train: () => made,
    predict: () => {
      throw new Error('Nothing is predicted here.');
    },
  };
  return { engine, rates, loads, now: () => clock };
}

async function run(
  script: Parameters<typeof scripted>[0],
  options: Partial<TrainValues> = {},
  signal = new AbortController().signal,
) {
  const { engine, rates, loads, now } = scripted(script);
  const points = emptyPoints();
  const improvements: number[] = [];
  const trained = await train({
    corpus,
    architecture: network([builtin('Elman')]),
    model: completeModel(),
    options: completeTrain({ k1: 10, k2: 10, batch: 4, seconds: 100, ...options }),
    engine,
    weights: new Map(),
    signal,
    breathe: async () => {},
    now,
    observer: {
      started() {},
      progress: (_, fresh) => appendPoints(points, fresh),
      improved: (_, { step }) => improvements.push(step),
    },
  });
  return { ...trained, points, improvements, rates, loads };
}

test('a run ends when its seconds are spent', async () => {
  const { result } = await run({}, { seconds: 40 });
  expect(result).toMatchObject({ end: 'budget', steps: 40, seconds: 40 });
});

test('a run ends when its epochs are over, and looks at the tail a number of times that does not depend on time', async () => {
  const { result, points } = await run({}, { seconds: null, epochs: 2 });
  const { length } = corpus.train;
  expect(result.steps).toBe(2 * Math.floor((length - 1) / 4 / 10));
  expect(points.validations.length).toBeGreaterThanOrEqual(20);
});

test('every update is reported once, with its loss in bits', async () => {
  const { points } = await run({}, { seconds: 20 });
  expect(points.steps.map(({ step }) => step)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  expect(points.steps[0].loss).toBeCloseTo(1 / Math.LN2, 6);
});

test('the best state is kept, not the last one', async () => {
  const { result, weights, improvements } = await run(
    { evaluate: (n) => Math.abs(n - 15) + 1 },
    { seconds: 30 },
  );
  expect(result.bestStep).toBe(15);
  expect(result.validationLoss).toBeCloseTo(1 / Math.LN2, 6);
  expect(weights.get('w')!.data[0]).toBe(15);
  expect(improvements.at(-1)).toBe(15);
});

test('a run that does not get better any more ends early', async () => {
  const { result } = await run({ evaluate: (n) => Math.max(1, 20 - n) + n / 1000 }, { seconds: 10_000 });
  expect(result.end).toBe('early stop');
  expect(result.steps).toBeLessThan(100);
});

test('without patience to lose, it goes on', async () => {
  const { result } = await run({ evaluate: () => 1 }, { patience: null });
  expect(result).toMatchObject({ end: 'budget', steps: 100 });
});

test('stopped, it keeps what it has learned', async () => {
  const abort = new AbortController();
  const { result, weights } = await run(
    {
      step: (n) => {
        if (n === 25) abort.abort();
        return {};
      },
      evaluate: (n) => 100 - n,
    },
    {},
    abort.signal,
  );
  expect(result).toMatchObject({ end: 'stopped', steps: 25, bestStep: 25 });
  expect(weights.get('w')!.data[0]).toBe(25);
});

describe('a run that diverges', () => {
  test.each([
    ['a loss that is no number', { loss: Number.NaN }],
    ['a loss far above guessing', { loss: 50 }],
    ['a gradient that is infinite', { gradientNorm: Number.POSITIVE_INFINITY }],
  ])('%s: goes back to the best state at half the learning rate, and says so', async (_, explosion) => {
    const { rates, loads, points } = await run(
      { step: (n) => (n === 15 ? explosion : {}), evaluate: (n) => 100 - n },
      { seconds: 30, learningRate: 0.1 },
    );
    expect(loads).toEqual([14]);
    expect(rates.slice(0, 15)).toEqual(Array(15).fill(0.1));
    expect(rates.slice(15)).toEqual(Array(rates.length - 15).fill(0.05));
    expect(points.notes).toHaveLength(1);
    expect(points.notes[0].text).toMatch(/back to the best state \(step 14\)/);
    expect(points.steps.map(({ step }) => step)).not.toContain(15);
  });

  test('for ever: ends with a sentence', async () => {
    await expect(run({ step: () => ({ loss: Number.NaN }) })).rejects.toThrow(/keeps diverging/);
  });
});
