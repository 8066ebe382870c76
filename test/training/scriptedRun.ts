// Runs the training loop on an engine whose results are scripted.
import type { Engine, StepResult, TrainableNetwork } from '../../src/backend/engine.ts';
import { readCorpus } from '../../src/data/text/corpus.ts';
import { TextDataset } from '../../src/data/text/textDataset.ts';
import { modelWithDefaults, trainWithDefaults } from '../../src/language/options/optionDefaults.ts';
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
export const corpus = readCorpus('abcdefgh\n'.repeat(2000));

export interface Script {
  /** Returns the result of the nth update, counted from 1 over the whole test. */
  step?: (n: number) => Partial<StepResult>;
  evaluate?: (n: number) => number;
  /** Returns the weight after the nth update since the last load. */
  weight?: (n: number) => number;
  /** The milliseconds that the probe takes. */
  probeCost?: number;
  /** The commands, by the number of updates in all after which they are sent. */
  commands?: Record<number, RunCommand | readonly RunCommand[]>;
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

export async function run(
  script: Script,
  options: Partial<TrainValues> = {},
  from: Checkpoint | null = null,
) {
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
    model: modelWithDefaults(),
    options: trainWithDefaults({
      k1: 10,
      k2: 10,
      batch: 4,
      warmup: 0,
      decay: 'none',
      seconds: 100,
      ...options,
    }),
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
      for (const command of [script.commands?.[updates()] ?? []].flat()) controls.send(command);
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

/** Thirteen updates are a pass over the text. */
export const shortPasses = { batch: 24, k1: 50, k2: 50 } as const;
