// What is kept of a run that is judged by another metric than its loss.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startWasm } from '../../src/backend/wasm/engine.ts';
import { readCorpus } from '../../src/data/text/corpus.ts';
import { nodeFiles } from '../../src/platform/node/files.ts';
import { emptyPoints, type RunResult, type ValidationPoint } from '../../src/protocol/run.ts';
import { heldOutOutcome } from '../../src/store/manifest.ts';
import { readModel, readRun } from '../../src/store/modelFolder.ts';
import { ModelWriter } from '../../src/store/modelWriter.ts';
import { initialWeights } from '../../src/tape/parameters.ts';
import { architecture, configure } from '../../src/training/configuration.ts';
import { Controls } from '../../src/training/controls.ts';
import { RunRecorder } from '../../src/worker/runRecorder.ts';
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

/** Records a run of these measurements, of which that of step 20 is the best. @returns how it ended */
async function record(validations: readonly ValidationPoint[], ended: RunResult): Promise<RunResult> {
  // A network that reads backward completes nothing, and so needs no mixture.
  const request = trainRequest('ab\n'.repeat(200), directory, {
    'model.layers': 'GRU 3',
    'model.tokens': 'characters',
    'model.direction': 'backward',
    'train.epochs': 1,
  });
  const plan = configure(request);
  const corpus = readCorpus(request.documents[0], { direction: 'backward' });
  const built = architecture(corpus.tokenizer.size, plan.model, plan.cells);
  const weights = initialWeights(built, 1);
  const engine = (await startWasm({ read: readKernels, threads: 1, spawn: null }))!;
  const writer = new ModelWriter(nodeFiles, directory);
  writer.prepare();
  const { parameters, ...start } = generation().history.start!;
  const listener = { started() {}, paused() {}, resumed() {}, progress() {}, saved() {}, ended() {} };
  const recorder = new RunRecorder(
    {
      writer,
      request,
      plan,
      corpus,
      engine,
      breathe: () => setImmediate(),
      architecture: built,
      start: { ...start, task: 'acceptor', lossUnit: 'nats', metric: accuracy, baselines: [] },
    },
    new Controls(),
    listener,
    null,
  );
  recorder.started(parameters);
  recorder.improved(weights, { step: 20, loss: 0.375 });
  const checkpoint = generation().checkpoint!;
  const progress = generation().history.progress!;
  recorder.progress(progress, { ...emptyPoints(), validations }, () => checkpoint);
  await recorder.ended({ weights, result: ended, learningRate: 0.01, clip: 5 }, null as never);
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
  expect(await record(validations, result)).toEqual(kept);
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
  expect(await record([], ended)).toEqual({ ...ended, learnedHeldOut: false });
  const { manifest } = readModel(nodeFiles, directory);
  expect(manifest).toMatchObject({ validationLoss: null, metric: { ...accuracy, value: null } });
  expect(heldOutOutcome(manifest)).toBeNull();
});
