// The readout of a reservoir, solved by the engine's states, beside the normal equations of states that are read one by
// one; and runs that are trained so.
import { beforeAll, describe, expect, test } from 'vitest';
import type { Architecture, Engine, Weights } from '../../src/backend/engine.ts';
import { startTfjs } from '../../src/backend/tfjs/engine.ts';
import { startWasm } from '../../src/backend/wasm/engine.ts';
import type { Dataset } from '../../src/data/dataset.ts';
import { SeriesDataset } from '../../src/data/series/seriesDataset.ts';
import { readCorpus } from '../../src/data/text/corpus.ts';
import { TextDataset } from '../../src/data/text/textDataset.ts';
import { trainWithDefaults } from '../../src/language/options/optionDefaults.ts';
import type { RunPoints } from '../../src/protocol/run.ts';
import { initialWeights } from '../../src/tape/parameters.ts';
import { random } from '../../src/tape/random.ts';
import { signatureOfNumbers } from '../../src/training/configuration.ts';
import { Controls } from '../../src/training/controls.ts';
import { checkReadout, scaleReadout, solveReadout } from '../../src/training/ridge.ts';
import { train } from '../../src/training/trainer.ts';
import { builtin, cell, network } from '../backend/networks.ts';
import { readKernels } from '../kernels/modules.ts';

let engine: Engine;
let engines: readonly Engine[];

beforeAll(async () => {
  engine = (await startWasm({ read: readKernels, threads: 1, spawn: null }))!;
  engines = [engine, (await startTfjs('', 'cpu')).engine];
});

/** A sum of two waves with noise, beside a product of them. */
function table(rows: number): string {
  const next = random(5);
  const lines = Array.from({ length: rows }, (_, t) => {
    const [a, b] = [Math.sin(t / 3), Math.cos(t / 7)];
    return `${(a + b + 0.1 * (next() - 0.5)).toFixed(4)},${(a * b).toFixed(4)}`;
  });
  return ['sum,product', ...lines].join('\n');
}

const series = new SeriesDataset({
  source: table(400),
  format: 'CSV',
  columns: { reads: null, writes: null },
});
const layers = [{ cell: builtin('EchoState'), hidden: 30 }];
const ofNumbers: Architecture = { ...network([], { inputs: 2, layers }), ...signatureOfNumbers(2) };

function sentences(): string {
  const next = random(6);
  const one = (words: readonly string[]) => words[Math.floor(next() * words.length)];
  const line = () =>
    `${one(['the cat', 'a dog', 'the owl'])} ${one(['sees', 'hears'])} ${one(['it', 'all'])}.\n`;
  return Array.from({ length: 150 }, line).join('');
}

const corpus = readCorpus(sentences());
const text = new TextDataset(corpus);
const { size } = corpus.vocabulary;
const ofText = network([], {
  inputs: size,
  outputs: size,
  layers: [{ cell: builtin('EchoState'), hidden: 60 }],
});

/** Reads one row step by step, and returns what the output layer reads at the steps that have targets, with those. */
function states(architecture: Architecture, weights: Weights, dataset: Dataset) {
  const predictor = engine.predict(architecture, weights);
  const { at, width } = predictor.states.find(({ name }) => name === 'layers.0.h')!;
  const outputs = new Float32Array(predictor.outputs);
  const [{ x, y }] = dataset.training(1);
  const state = predictor.initial();
  return [...x].flatMap((token, t) => {
    const { inputs } = architecture;
    const numbers = dataset.series?.inputs.slice(token * inputs, (token + 1) * inputs);
    predictor.next(state, numbers ?? token, state, outputs);
    return y[t] < 0 ? [] : [{ h: [...state.subarray(at, at + width)], target: y[t] }];
  });
}

test('numbers: the gradient of the penalised squares is zero, and the spread is what is left', async () => {
  const penalty = 0.3;
  const initial = initialWeights(ofNumbers, 2);
  const read = states(ofNumbers, initial, series);
  expect(read.length).toBe(359 - 35);
  for (const candidate of engines) {
    const { weights, targets } = await solveReadout(candidate, ofNumbers, initial, series, penalty);
    expect(targets).toBe(read.length);
    const { data: matrix } = weights.get('output.W')!;
    const { data: bias } = weights.get('output.b')!;
    for (let k = 0; k < 2; k++) {
      const row = matrix.subarray(k * 30, (k + 1) * 30);
      const residuals = read.map(({ h, target }) => {
        const mean = h.reduce((sum, value, i) => sum + value * row[i], bias[k]);
        return mean - series.series.targets[2 * target + k];
      });
      for (let i = 0; i <= 30; i++) {
        const slope = residuals.reduce((sum, each, at) => sum + each * (read[at].h[i] ?? 1), 0);
        expect(Math.abs(slope + (i < 30 ? penalty * row[i] : 0))).toBeLessThan(2e-3);
      }
      const mean = residuals.reduce((sum, each) => sum + each * each, 0) / read.length;
      expect(bias[2 + k]).toBeCloseTo(0.5 * Math.log(mean), 3);
      // The spread is the same at every step.
      expect([...matrix.subarray((2 + k) * 30, (3 + k) * 30)].every((each) => each === 0)).toBe(true);
    }
    for (const name of ['layers.0.W', 'layers.0.U']) expect(weights.get(name)).toBe(initial.get(name));
  }
});

test('classes: a one stands for the target, and the scale is the best of the powers of two', async () => {
  const initial = initialWeights(ofText, 2);
  const { weights } = await solveReadout(engine, ofText, initial, text, 1e-3);
  const read = states(ofText, initial, text);
  const { data: matrix } = weights.get('output.W')!;
  const { data: bias } = weights.get('output.b')!;
  // The estimates of the probabilities sum to one, as their targets do.
  expect(bias.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 2);
  for (const { h } of read.slice(100, 110)) {
    const sum = bias.reduce(
      (total, each, k) => total + h.reduce((own, value, i) => own + value * matrix[k * 60 + i], each),
      0,
    );
    expect(sum).toBeCloseTo(1, 2);
  }
  const tried: number[] = [];
  const { weights: scaled, loss } = await scaleReadout(weights, (of) => {
    tried.push(of.get('output.b')!.data[5] / bias[5]);
    return [3, 2, 1, 4][tried.length - 1];
  });
  expect(loss).toBe(1);
  expect(tried.map(Math.round)).toEqual([1, 2, 4, 8]);
  expect(scaled.get('output.W')!.data[5]).toBeCloseTo(4 * matrix[5], 6);
});

describe('a run', () => {
  const runOn = async (
    architecture: Architecture,
    dataset: Dataset,
    kind: 'ridge' | 'adam',
    { controls = Controls.none(), breathe = async () => {}, by = engine } = {},
  ) => {
    const points: RunPoints[] = [];
    const options = trainWithDefaults({ optimizer: kind, penalty: 1e-4, seconds: null, epochs: 1 });
    const { result } = await train({
      dataset,
      metric: null,
      architecture,
      model: { dropout: 0 },
      options,
      engine: by,
      weights: initialWeights(architecture, 1),
      checkpoint: null,
      probe: null,
      controls,
      breathe,
      now: () => 0,
      observer: {
        started() {},
        paused() {},
        resumed() {},
        improved() {},
        progress: (_, fresh) => void points.push(fresh),
        ended: async () => controls.close(),
      },
    });
    return {
      result,
      steps: points.flatMap(({ steps }) => steps),
      notes: points.flatMap(({ notes }) => notes.map((note) => note.text)),
    };
  };

  test.each([
    ['of numbers', ofNumbers, series],
    ['of a text', ofText, text],
  ] as const)(
    '%s is one step, and better than a pass of gradient descent',
    async (_, architecture, dataset) => {
      const { result, steps } = await runOn(architecture, dataset, 'ridge');
      expect(result).toMatchObject({ end: 'budget', steps: 1, bestStep: 1 });
      expect(steps).toHaveLength(1);
      expect(steps[0].loss).toBe(result.trainLoss);
      expect(result.trainLoss).toBeLessThan(result.validationLoss! + 0.5);
      const descended = await runOn(architecture, dataset, 'adam');
      expect(result.validationLoss).toBeLessThan(descended.result.validationLoss!);
    },
  );

  /** Runs until a command to stop comes in the n-th turn of the event loop. */
  const stopped = (turn: number, by = engine, architecture = ofText, dataset: Dataset = text) => {
    const controls = new Controls();
    let turns = 0;
    const breathe = async () => {
      if (++turns === turn) controls.send({ type: 'stop' });
    };
    return runOn(architecture, dataset, 'ridge', { controls, breathe, by });
  };

  test('that is stopped while it reads has solved its readout from what it has read', async () => {
    const whole = await runOn(ofText, text, 'ridge');
    const chance = Math.log2(size);
    for (const by of engines) {
      const { result, notes } = await stopped(1, by);
      expect(result).toMatchObject({ end: 'stopped', steps: 1 });
      expect(result.tokens).toBeGreaterThan(0);
      expect(result.tokens).toBeLessThan(whole.result.tokens);
      // Its scale has been found, too.
      expect(result.validationLoss).toBeLessThan(chance / 2);
      expect(notes).toEqual([
        `The readout was solved from the ${result.tokens.toLocaleString('en')} targets that had been read when the run was stopped.`,
      ]);
    }
  });

  test('that is stopped before there is enough says that nothing of it is kept', async () => {
    // The first segment of the series is where the reservoir forgets how it began.
    const run = stopped(1, engine, ofNumbers, series);
    await expect(run).rejects.toThrow(/was stopped before .* nothing of it is kept/);
  });

  test('that is stopped while it finds the scale has read everything', async () => {
    const whole = await runOn(ofText, text, 'ridge');
    let segments = 0;
    await solveReadout(engine, ofText, initialWeights(ofText, 1), text, 1e-4, {
      breathe: async () => void segments++,
      isToStop: () => false,
    });
    const { result, notes } = await stopped(segments + 1);
    expect(result).toMatchObject({ end: 'stopped', tokens: whole.result.tokens });
    expect(result.trainLoss).toBeGreaterThan(whole.result.trainLoss);
    expect(notes).toEqual([]);
  });
});

test.each([
  [
    network([builtin('LSTM')]),
    'Ridge regression solves the output layer alone, and `layers.0.W_f`, `layers.0.U_f`',
  ],
  [network([builtin('EchoState')], { embedding: 3 }), '`embedding` is trained, too'],
  [
    network([cell('cell A\n  h[t] = tanh(W x[t] + U y[t-1])\n  fixed W, U\n')]),
    'these cells read its output',
  ],
])('network %# is refused', (architecture, message) => {
  expect(() => checkReadout(architecture)).toThrow(message);
});
