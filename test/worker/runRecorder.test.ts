// A run that is judged by another metric than its loss keeps its metric.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startWasm } from '../../src/backend/wasm/engine.ts';
import { nodeFiles } from '../../src/platform/node/files.ts';
import type { LearningCurve } from '../../src/protocol/learningCurve.ts';
import { emptyPoints, type RunResult, type RunStatus, type ValidationPoint } from '../../src/protocol/run.ts';
import { heldOutOutcome } from '../../src/store/manifest.ts';
import { readModel, readRun } from '../../src/store/modelFolder.ts';
import { ModelWriter } from '../../src/store/modelWriter.ts';
import { initialWeights } from '../../src/tape/parameters.ts';
import { prepareLanguageModel } from '../../src/tasks/languageModel/index.ts';
import type { PreparedTask } from '../../src/tasks/task.ts';
import type { Checkpoint } from '../../src/training/checkpoint.ts';
import { configure } from '../../src/training/configuration.ts';
import { Controls } from '../../src/training/controls.ts';
import { RunRecorder } from '../../src/worker/runRecorder.ts';
import { readingOf } from '../data/text/blocks/memoryScratch.ts';
import { readKernels } from '../kernels/modules.ts';
import { generation } from '../store/generation.ts';
import { trainRequest } from './trained.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'unroll-recorder-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const accuracy = { name: 'accuracy', unit: '', lowerIsBetter: false };
const result: RunResult = {
  end: 'stopped',
  steps: 30,
  tokens: 300,
  characters: 300,
  seconds: 3,
  tokensPerSecond: 100,
  trainLoss: 0.2,
  validationLoss: 0.375,
  bestStep: 20,
};

interface Further {
  readonly learningCurve?: PreparedTask['learningCurve'];
  readonly compared?: boolean;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** Records a run of these measurements, of which that of step 20 is the best. @returns how it ended */
async function record(
  validations: readonly ValidationPoint[],
  ended: RunResult,
  best: Omit<Checkpoint['best'], 'weights'>,
  { learningCurve, compared = false, options }: Further = {},
): Promise<RunResult> {
  // A network that reads backward completes nothing, and so needs no mixture.
  const request = {
    ...trainRequest('ab\n'.repeat(200), directory, {
      'model.layers': 'GRU 3',
      'model.tokens': 'characters',
      'model.direction': 'backward',
      'train.epochs': 1,
    }),
    compared,
    ...(options && { options }),
  };
  const configuration = configure(request);
  const engine = (await startWasm({ read: readKernels, threads: 1, spawn: null }))!;
  const task = await prepareLanguageModel({
    reading: readingOf('ab\n'.repeat(200)),
    digest: null,
    configuration,
    earlier: null,
    engine: async () => engine,
    breathe: async () => {},
    now: () => 0,
  });
  const weights = initialWeights(task.architecture, 1);
  const writer = new ModelWriter(nodeFiles, directory);
  writer.prepare();
  const { parameters, ...start } = generation().history.start!;
  const listener = { started() {}, paused() {}, resumed() {}, progress() {}, saved() {}, ended() {} };
  const recorder = new RunRecorder(
    {
      writer,
      request,
      configuration,
      task: { ...task, ...(learningCurve && { learningCurve }) },
      engine,
      start: { ...start, task: 'acceptor', lossUnit: 'nats', metric: accuracy, baselines: [] },
    },
    new Controls(),
    listener,
    null,
  );
  recorder.started(parameters);
  recorder.improved({ ...best, weights });
  const checkpoint = generation().checkpoint!;
  const progress = generation().history.progress!;
  recorder.progress(progress, { ...emptyPoints(), validations }, () => checkpoint);
  await recorder.ended(
    { best: { ...best, weights }, result: ended, learningRate: 0.01, clip: 5 },
    null as never,
  );
  recorder.dispose();
  return recorder.result;
}

test('its value of the best state is in the result, the history and the manifest', async () => {
  const furtherMetrics = { 'macro F1': 0.75 };
  const validations = [
    { step: 10, seconds: 1, loss: 0.5, metric: 0.5 },
    { step: 20, seconds: 2, loss: 0.375, metric: 0.875, furtherMetrics },
    { step: 30, seconds: 3, loss: 0.4, metric: 0.9 },
  ];
  const kept = { ...result, metric: 0.875, furtherMetrics, learnedHeldOut: false };
  const best = { step: 20, loss: 0.375, metric: 0.875, furtherMetrics };
  const ended = { ...result, metric: 0.875, furtherMetrics };
  expect(await record(validations, ended, best)).toEqual(kept);
  const { manifest } = readModel(nodeFiles, directory);
  expect(manifest).toMatchObject({
    validationLoss: 0.375,
    lossUnit: 'nats',
    metric: { ...accuracy, value: 0.875 },
  });
  expect(heldOutOutcome(manifest)).toMatchObject({ metric: accuracy, value: 0.875 });
  const { history } = readRun(nodeFiles, directory).earlier;
  expect(history.status).toEqual({ kind: 'ended', result: kept });
  expect(history.points.validations).toEqual(validations);
});

test('where nothing was held out, it has no value', async () => {
  const ended = { ...result, validationLoss: null };
  expect(await record([], ended, { step: 20, loss: Infinity })).toEqual({ ...ended, learnedHeldOut: false });
  const { manifest } = readModel(nodeFiles, directory);
  expect(manifest).toMatchObject({ validationLoss: null, metric: { ...accuracy, value: null } });
  expect(heldOutOutcome(manifest)).toBeNull();
});

test('what the command line has said is kept, so that the run can be repeated', async () => {
  const options = { 'train.epochs': 2, 'train.seed': 7 };
  await record([], result, { step: 20, loss: 0.375 }, { options });
  expect(readRun(nodeFiles, directory).request.options).toEqual(options);
});

const curve: LearningCurve = {
  lowerIsBetter: false,
  points: [
    { rows: 50, value: 0.5 },
    { rows: 100, value: 0.75 },
  ],
  updates: 15,
  interval: null,
  expected: { rows: 200, value: 0.875 },
};
const best = { step: 20, loss: 0.375 };

test('a learning curve is measured when the model has been kept, and then kept beside it', async () => {
  const statusOnDisk = () => readRun(nodeFiles, directory).earlier.history.status;
  const before: RunStatus[] = [];
  const learningCurve: PreparedTask['learningCurve'] = async ({ begins }) => {
    begins();
    before.push(statusOnDisk());
    return curve;
  };
  const kept = { ...result, learnedHeldOut: false };
  expect(await record([], result, best, { learningCurve })).toEqual({ ...kept, learningCurve: curve });
  expect(before).toEqual([{ kind: 'ended', result: kept }]);
  const { history } = readRun(nodeFiles, directory).earlier;
  expect(history.status).toEqual({ kind: 'ended', result: { ...kept, learningCurve: curve } });
  expect(history.points.notes.map(({ text }) => text)).toEqual([
    expect.stringMatching(/^The model is ready\. .*Stop leaves that out\.$/),
  ]);
});

test('runs that are compared have no learning curve, which would cost more than their budget', async () => {
  const learningCurve: PreparedTask['learningCurve'] = async () => {
    throw new Error('It was measured.');
  };
  const ended = await record([], result, best, { learningCurve, compared: true });
  expect(ended).toEqual({ ...result, learnedHeldOut: false });
});
