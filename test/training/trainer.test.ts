// Tests the training loop on an engine whose results are scripted.
import { describe, expect, test } from 'vitest';
import type { Engine, StepResult, TrainableNetwork } from '../../src/backend/engine.ts';
import { readCorpus } from '../../src/data/text/corpus.ts';
import { TextDataset } from '../../src/data/text/textDataset.ts';
import { completeModel, completeTrain } from '../../src/language/options/completeOptions.ts';
import type { TrainValues } from '../../src/language/options/optionKinds.ts';
import {
  appendPoints,
  emptyPoints,
  type RunCommand,
  type RunProgress,
  type RunResult,
} from '../../src/protocol/run.ts';
import type { Checkpoint } from '../../src/training/checkpoint.ts';
import { Controls } from '../../src/training/controls.ts';
import { train } from '../../src/training/trainer.ts';
import { builtin, network } from '../backend/networks.ts';

const corpus = readCorpus('abcdefgh\n'.repeat(2000));

interface Script {
  /** Returns the result of the nth update, counted from 1 over the whole test. */
  step?: (n: number) => Partial<StepResult>;
  evaluate?: (n: number) => number;
  /** Returns the weight after the nth update since the last load. */
  weight?: (n: number) => number;
  /** The milliseconds that the probe takes. */
  probeCost?: number;
  /** The commands, by the number of updates in all after which each is sent. */
  commands?: Record<number, RunCommand>;
  /** The commands that are sent one after the other while the run waits. */
  later?: RunCommand[];
}

/** Returns an engine whose updates take a second each, and whose weight counts them since the last load. */
function scripted(script: Script) {
  let clock = 0;
  let updates = 0;
  let state = 0;
  const rates: number[] = [];
  const thresholds: number[] = [];
  const loads: number[] = [];
  const made: TrainableNetwork = {
    shape: { batch: 1, steps: 1, optimizer: { kind: 'sgd' }, dropout: 0, seed: 1 },
    parameterCount: 1,
    memoryBytes: 4,
    reset() {},
    step(_x, _y, update) {
      clock += 1000;
      updates++;
      state++;
      rates.push(update.learningRate);
      thresholds.push(update.clip);
      return { loss: 1, gradientNorm: 1, ...script.step?.(updates) };
    },
    advance() {},
    evaluate: () => script.evaluate?.(updates) ?? 100 / updates,
    logits() {},
    logitsBySegment: () => [],
    weights: () => new Map([['w', { shape: [1], data: Float32Array.of(script.weight?.(state) ?? state) }]]),
    optimizer: () => ({ steps: updates, updates: state, moments: [] }),
    load(weights) {
      state = weights.get('w')!.data[0];
      loads.push(state);
    },
    states: () => null,
    loadStates: () => true,
    aside: (work) => work(),
    dispose() {},
  };
  const engine: Engine = {
    name: 'tfjs-cpu',
    train: () => {
      state = 0;
      return made;
    },
    predict: () => {
      throw new Error('Nothing is predicted here.');
    },
    predictTarget: () => {
      throw new Error('Nothing is predicted here.');
    },
  };
  return {
    engine,
    rates,
    thresholds,
    loads,
    pass: (ms: number) => (clock += ms),
    updates: () => updates,
    now: () => clock,
  };
}

async function run(script: Script, options: Partial<TrainValues> = {}, from: Checkpoint | null = null) {
  const { engine, rates, thresholds, loads, pass, updates, now } = scripted(script);
  const controls = new Controls();
  let points = emptyPoints();
  let progress: RunProgress | undefined;
  let checkpoint: Checkpoint | undefined;
  const improvements: number[] = [];
  const results: RunResult[] = [];
  /** The numbers of results that there were when the probe was let rest. */
  const rests: number[] = [];
  const events: string[] = [];
  const later = [...(script.later ?? [])];
  let waits = false;
  /** Sends each of `later` after a minute on the clock. */
  const askLater = () => {
    waits = true;
    setImmediate(() => {
      if (!waits) return;
      pass(60_000);
      const command = later.shift();
      if (!command) return controls.close();
      controls.send(command);
      askLater();
    });
  };
  const trained = await train({
    dataset: new TextDataset(corpus),
    metric: null,
    architecture: network([builtin('Elman')]),
    model: completeModel(),
    options: completeTrain({ k1: 10, k2: 10, batch: 4, warmup: 0, decay: 'none', seconds: 100, ...options }),
    engine,
    weights: new Map(),
    checkpoint: from,
    probe: {
      steps: 4,
      look: () => {
        pass(script.probeCost ?? 0);
        return { gradientByLag: { h: [1] }, saturation: {}, spectralRadius: {} };
      },
      rest: () => void rests.push(results.length),
    },
    controls,
    breathe: async () => {
      const command = script.commands?.[updates()];
      if (command) controls.send(command);
    },
    now,
    observer: {
      started() {
        points = emptyPoints();
        waits = false;
        events.push(`started at ${updates()}`);
      },
      paused() {
        events.push(`paused at ${updates()}`);
        askLater();
      },
      resumed() {
        waits = false;
        events.push(`resumed at ${updates()}`);
      },
      progress: (latest, fresh, current) => {
        progress = latest;
        checkpoint = current();
        appendPoints(points, fresh);
      },
      improved({ step }) {
        improvements.push(step);
      },
      async ended({ result }) {
        results.push(result);
        events.push(`${result.end} at ${updates()}`);
        askLater();
      },
    },
  });
  return {
    ...trained,
    weights: trained.best.weights,
    points,
    progress: progress!,
    checkpoint: checkpoint!,
    improvements,
    results,
    rests,
    events,
    rates,
    thresholds,
    loads,
  };
}

test('a run ends when its seconds are spent', async () => {
  const { result } = await run({}, { seconds: 40 });
  expect(result).toMatchObject({ end: 'budget', steps: 40, seconds: 40 });
});

test('the probe rests when a run has ended, before its result is dealt with', async () => {
  const { rests, results } = await run({}, { seconds: 40 });
  expect(rests).toEqual([0]);
  expect(results).toHaveLength(1);
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

/** Thirteen updates are a pass over the text. */
const shortPasses = { batch: 24, k1: 50, k2: 50 } as const;

test('a run that does not get better any more ends early', async () => {
  const { result } = await run(
    { evaluate: (n) => Math.max(1, 20 - n) + n / 1000 },
    { seconds: 10_000, ...shortPasses },
  );
  expect(result.end).toBe('early stop');
  expect(result.steps).toBeLessThan(100);
});

const worseFrom20 = { evaluate: (n: number) => Math.max(1, 20 - n) + n / 1000 };

test('before it ends early, it goes back to its best state, from which its learning rate falls to 0', async () => {
  const { result, points, rates, loads } = await run(worseFrom20, {
    ...shortPasses,
    seconds: 10_000,
    decay: 'linear',
    learningRate: 1,
  });
  expect(points.notes.map(({ text }) => text)).toEqual([
    'No better state for long: back to step 19, and the learning rate falls to 0.',
  ]);
  const [{ step }] = points.notes;
  expect(loads).toEqual([19]);
  expect(rates[step - 1]).toBeGreaterThan(0.99);
  expect(rates[step]).toBeCloseTo(0.25);
  expect(rates.at(-1)).toBeLessThan(0.03);
  expect(result).toMatchObject({ end: 'early stop', steps: Math.ceil(step / 0.75) });
});

test('without a decay it ends where it gets no better', async () => {
  const { points, loads } = await run(worseFrom20, { seconds: 10_000 });
  expect([points.notes, loads]).toEqual([[], []]);
});

test('extended after that, it has the rest of its budget', async () => {
  const script = { ...worseFrom20, later: [{ type: 'extend' } as const] };
  const { results, rates } = await run(script, {
    ...shortPasses,
    seconds: 10_000,
    decay: 'linear',
    learningRate: 1,
  });
  expect(results.map(({ end }) => end)).toEqual(['early stop', 'early stop']);
  expect(rates[results[0].steps]).toBeGreaterThan(0.99);
});

test('while its learning rate rises, and for four times as long, it goes on', async () => {
  const { result } = await run({ evaluate: () => 1 }, { ...shortPasses, seconds: 10_000, warmup: 60 });
  expect(result).toMatchObject({ end: 'early stop', steps: 300 });
});

test('a text that has not been read twice is read on', async () => {
  const script = { evaluate: (n: number) => (n < 20 ? 2 : 1 + n / 1000) };
  const { result, progress } = await run(script, { seconds: 10_000 });
  expect(result).toMatchObject({ end: 'early stop', bestStep: 20 });
  expect(progress!.epoch).toBeCloseTo(2);
});

test('without patience to lose, it goes on', async () => {
  const { result } = await run({ evaluate: () => 1 }, { patience: null });
  expect(result).toMatchObject({ end: 'budget', steps: 100 });
});

test('stopped, it keeps what it has learned', async () => {
  const { result, weights } = await run({ evaluate: (n) => 100 - n, commands: { 25: { type: 'stop' } } });
  expect(result).toMatchObject({ end: 'stopped', steps: 25, bestStep: 25 });
  expect(weights.get('w')!.data[0]).toBe(25);
});

describe('looks into the network', () => {
  const stepsOfLooks = async (script: Script, options: Partial<TrainValues> = {}) => {
    const { points } = await run({ evaluate: (n) => 1 / n, ...script }, { seconds: 40, ...options });
    return points.probes.map(({ step }) => step);
  };

  test.each([0, 15])('that take %d ms come once a second', async (probeCost) =>
    expect((await stepsOfLooks({ probeCost })).length).toBe(40),
  );

  test('that cost more come as often as 1.5 % of the time allows, early once more, and at the end', async () =>
    expect(await stepsOfLooks({ probeCost: 90 }, { seconds: 100 })).toEqual([
      1, 7, 10, 16, 22, 28, 34, 40, 46, 52, 58, 64, 70, 76, 82, 88, 94, 99,
    ]));

  test('that cost far more come at the start, early and at the end all the same', async () =>
    expect(await stepsOfLooks({ probeCost: 900 })).toEqual([1, 4, 39]));

  test('that would cost too much of what is left are left out in between', async () =>
    expect(await stepsOfLooks({ probeCost: 4000 })).toEqual([1, 36]));

  test('come at the end of a run that is stopped only where that is not felt', async () => {
    const commands: Script['commands'] = { 25: { type: 'stop' } };
    expect((await stepsOfLooks({ probeCost: 900, commands })).at(-1)).toBe(25);
    expect((await stepsOfLooks({ probeCost: 1100, commands })).at(-1)).not.toBe(25);
  });
});

describe('what is asked of it while it lasts', () => {
  const rest: Script = { evaluate: (n) => 1 / n };

  test.each<[string, Script, string[]]>([
    [
      'a pause does not count as time',
      { commands: { 10: { type: 'pause' } }, later: [{ type: 'resume' }] },
      ['started at 0', 'paused at 10', 'resumed at 10', 'budget at 40'],
    ],
    [
      'a paused run can be stopped',
      { commands: { 10: { type: 'pause' } }, later: [{ type: 'stop' }] },
      ['started at 0', 'paused at 10', 'stopped at 10'],
    ],
    [
      'what makes no sense now changes nothing',
      { commands: { 5: { type: 'resume' } }, later: [{ type: 'stop' }, { type: 'pause' }] },
      ['started at 0', 'budget at 40'],
    ],
    [
      'rewound, it begins again',
      { commands: { 20: { type: 'rewind' } } },
      ['started at 0', 'started at 20', 'budget at 60'],
    ],
    [
      'rewound after its end, it waits',
      { later: [{ type: 'rewind' }, { type: 'resume' }] },
      ['started at 0', 'budget at 40', 'started at 40', 'paused at 40', 'resumed at 40', 'budget at 80'],
    ],
    [
      'extended while it runs, it has its budget twice',
      { commands: { 10: { type: 'extend' } } },
      ['started at 0', 'budget at 80'],
    ],
    [
      'extended after its end, it goes on where it was',
      { later: [{ type: 'extend' }] },
      ['started at 0', 'budget at 40', 'resumed at 40', 'budget at 80'],
    ],
    [
      'extended after it was stopped, it uses what is left of its budget',
      { commands: { 10: { type: 'stop' } }, later: [{ type: 'extend' }] },
      ['started at 0', 'stopped at 10', 'resumed at 10', 'budget at 40'],
    ],
  ])('%s', async (_, script, expected) => {
    expect((await run({ ...rest, ...script }, { seconds: 40 })).events).toEqual(expected);
  });

  test('a pause keeps weights, place and count', async () => {
    const script: Script = { ...rest, commands: { 10: { type: 'pause' } }, later: [{ type: 'resume' }] };
    const { result, points, weights } = await run(script, { seconds: 40 });
    expect(result).toMatchObject({ steps: 40, seconds: 40 });
    expect(points.steps.map(({ step }) => step)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    expect(weights.get('w')!.data[0]).toBe(40);
  });

  test('rewound, it has the same weights again, and what was changed', async () => {
    const commands: Script['commands'] = {
      10: { type: 'learningRate', value: 0.5 },
      20: { type: 'rewind' },
    };
    const { result, points, weights, rates } = await run({ ...rest, commands }, { seconds: 40 });
    expect(result).toMatchObject({ steps: 40, seconds: 40 });
    expect(points.steps[0].step).toBe(1);
    expect(weights.get('w')!.data[0]).toBe(40);
    expect(rates.at(-1)).toBe(0.5);
  });

  test('extended after an early end, it has its patience again', async () => {
    const evaluate = (n: number) => Math.max(1, 20 - n) + n / 1000;
    const { results } = await run(
      { evaluate, later: [{ type: 'extend' }] },
      { ...shortPasses, seconds: 10_000 },
    );
    expect(results.map(({ end }) => end)).toEqual(['early stop', 'early stop']);
    expect(results[1].steps - results[0].steps).toBeGreaterThanOrEqual(12);
  });

  test('learning rate and threshold change between two updates, and the change is noted', async () => {
    const commands: Script['commands'] = {
      10: { type: 'learningRate', value: 0.25 },
      20: { type: 'threshold', value: 2 },
    };
    const { rates, thresholds, points, progress } = await run(
      { ...rest, commands },
      { seconds: 40, learningRate: 0.5, clipping: 'norm', threshold: 5 },
    );
    expect(rates).toEqual([...Array(10).fill(0.5), ...Array(30).fill(0.25)]);
    expect(thresholds).toEqual([...Array(20).fill(5), ...Array(20).fill(2)]);
    expect(points.notes).toEqual([
      { step: 10, text: 'Learning rate 0.5 → 0.25.' },
      { step: 20, text: 'Clipping threshold 5 → 2.' },
    ]);
    expect(progress).toMatchObject({ learningRate: 0.25, threshold: 2 });
  });

  test('changed while it is paused, the change is seen at once', async () => {
    const { points, progress } = await run({
      ...rest,
      commands: { 10: { type: 'pause' } },
      later: [{ type: 'learningRate', value: 0.25 }],
    });
    expect(points.notes).toHaveLength(1);
    expect(progress.learningRate).toBe(0.25);
  });
});

describe('from a checkpoint', () => {
  const evaluate = (n: number) => 1 / n;
  const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i + 1);

  test('a run that was spent has its budget once more', async () => {
    const { checkpoint } = await run({ evaluate }, { seconds: 40 });
    const later: Script = { evaluate: (n) => evaluate(40 + n) };
    const { result, points, weights } = await run(later, { seconds: 40 }, checkpoint);
    expect(points.steps.map(({ step }) => step)).toEqual(numbers(40, 80));
    expect(result).toMatchObject({ end: 'budget', steps: 80, seconds: 80 });
    expect(points.notes).toEqual([{ step: 40, text: 'Continued.' }]);
    expect(weights.get('w')!.data[0]).toBe(80);
  });

  test('a run that was not has what is left, with the rate and threshold of then', async () => {
    const commands: Script['commands'] = {
      5: { type: 'learningRate', value: 0.25 },
      6: { type: 'threshold', value: 2 },
      10: { type: 'stop' },
    };
    const { checkpoint } = await run({ evaluate, commands }, { seconds: 40 });
    const { result, rates, thresholds } = await run({ evaluate }, { seconds: 40 }, checkpoint);
    expect(result).toMatchObject({ end: 'budget', steps: 40, seconds: 40 });
    expect(rates).toEqual(Array(30).fill(0.25));
    expect(thresholds).toEqual(Array(30).fill(2));
  });

  test('the best state is still the best, unless there is a better one', async () => {
    const { checkpoint } = await run({ evaluate: (n) => Math.abs(n - 15) + 1 }, { seconds: 30 });
    const { result, weights, improvements } = await run({ evaluate: () => 9 }, { seconds: 30 }, checkpoint);
    expect(result.bestStep).toBe(15);
    expect(weights.get('w')!.data[0]).toBe(15);
    expect(improvements).toEqual([]);
  });

  test('rewound, it begins at the beginning all the same', async () => {
    const { checkpoint } = await run({ evaluate }, { seconds: 20 });
    const again: Script = { evaluate, commands: { 5: { type: 'rewind' } } };
    const { result, points } = await run(again, { seconds: 20 }, checkpoint);
    expect(points.steps.map(({ step }) => step)).toEqual(numbers(0, 20));
    expect(result).toMatchObject({ steps: 20, seconds: 20 });
  });
});

describe('a run that does not recover', () => {
  test('is left to explode, as far as its loss is a number', async () => {
    const { points, loads, result } = await run(
      { step: (n) => (n > 20 ? { loss: 1e6 * n } : {}) },
      { seconds: 40, recover: false },
    );
    expect(result).toMatchObject({ end: 'budget', steps: 40 });
    expect(points.steps.at(-1)!.loss).toBeGreaterThan(1e6);
    expect([loads, points.notes]).toEqual([[], []]);
  });

  test.each([{ loss: Number.NaN }, { gradientNorm: Number.POSITIVE_INFINITY }])(
    'ends where there is no number any more (%j), and its best state is kept',
    async (explosion) => {
      const { points, result } = await run(
        { evaluate: (n) => 100 - n, step: (n) => (n > 20 ? explosion : {}) },
        { seconds: 40, recover: false },
      );
      expect(result).toMatchObject({ end: 'diverged', steps: 21 });
      expect(result.bestStep).toBeLessThanOrEqual(21);
      expect(points.notes.map(({ text }) => text)).toEqual([
        'The loss has exploded: it is no longer a number, and the run does not recover.',
      ]);
    },
  );
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

  test('several times from one state on: says so at first and when there is a better one', async () => {
    const { points, learningRate, clip } = await run(
      {
        // The loss of an update is that of the weights before it: every second one succeeds.
        step: (n) => (n % 2 === 0 && n <= 10 ? { loss: Number.NaN } : {}),
        evaluate: (n) => 100 - n,
        commands: { 25: { type: 'threshold', value: 3 } },
      },
      { seconds: 30, learningRate: 0.1 },
    );
    expect(points.notes.slice(0, 2)).toEqual([
      {
        step: 2,
        text: 'The loss exploded: back to the best state (step 0), at 50.0 % of the learning rate.',
      },
      {
        step: 10,
        text: 'The loss exploded 5 times from that state on, which left 3.13 % of the learning rate.',
      },
    ]);
    expect({ learningRate, clip }).toEqual({ learningRate: 0.1 / 32, clip: 3 });
  });

  test.each([1e13, Number.NaN])(
    'a state with a weight of %d is not kept, whatever its loss',
    async (weight) => {
      const { result } = await run(
        { evaluate: (n) => 100 - n, weight: (n) => (n > 20 ? weight : n) },
        { seconds: 30 },
      );
      expect(result.bestStep).toBe(20);
    },
  );

  test('for ever: ends with a sentence', async () => {
    await expect(run({ step: (n) => (n > 5 ? { loss: Number.NaN } : {}) })).rejects.toThrow(
      /keeps diverging/,
    );
  });

  test.each([
    ['a loss that is no number', { loss: Number.NaN }],
    ['a loss far above guessing', { loss: 50 }],
    ['a gradient that is no number', { gradientNorm: Number.NaN }],
  ])('from the first update on, with %s: ends with a sentence about the cell', async (_, explosion) => {
    await expect(run({ step: () => explosion })).rejects.toThrow(/diverges at once: .* in range with tanh/);
  });
});
