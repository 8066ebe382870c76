// The validation loss that a model on disk states is true of the weights on disk.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readCorpus } from '../../src/data/text/corpus.ts';
import { nodeFiles } from '../../src/platform/node/files.ts';
import { nodePlatform } from '../../src/platform/node/platform.ts';
import type { RunEnd, RunResult } from '../../src/protocol/run.ts';
import type { TrainRequest } from '../../src/protocol/trainer.ts';
import { parseManifest } from '../../src/store/manifest.ts';
import { readModel, readRun } from '../../src/store/modelFolder.ts';
import type { Weights } from '../../src/tape/parameters.ts';
import { architecture } from '../../src/training/configuration.ts';
import { Controls } from '../../src/training/controls.ts';
import { run } from '../../src/worker/run.ts';
import { slowValidationLoss } from '../training/slowLoss.ts';
import { trainRequest } from './trained.ts';

const text = `${'to be or not to be, that is the question\n'.repeat(40)}${'whether it is nobler\n'.repeat(9)}`;
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'unroll-loss-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function train(
  stopAfter = Infinity,
  others: TrainRequest['settings'] = {},
  notes: string[] = [],
): Promise<RunResult> {
  const controls = new Controls();
  const settings = {
    'model.layers': 'GRU 8, LSTM 6',
    'model.tokens': 'characters',
    'model.embedding': 5,
    'train.learningRate': 0.03,
    'train.epochs': 4,
    'train.patience': null,
    'engine.threads': 2,
    ...others,
  };
  return run(
    trainRequest(text, directory, settings),
    nodePlatform(join(import.meta.dirname, '../../out')),
    controls,
    {
      started() {},
      paused() {},
      resumed() {},
      progress({ step }, points) {
        notes.push(...points.notes.map(({ text }) => text));
        if (step >= stopAfter) controls.send({ type: 'stop' });
      },
      saved() {},
      ended: () => controls.close(),
    },
  );
}

function measure(weights: Weights): number {
  const { manifest } = readModel(nodeFiles, directory);
  const built = architecture(
    manifest.vocabulary.characters.length + 1,
    manifest.architecture,
    manifest.cells,
  );
  return slowValidationLoss(readCorpus(text), built, weights, 4);
}

test.each<[RunEnd, number, boolean]>([
  ['budget', Infinity, true],
  ['stopped', 30, false],
])('a run that ended by %s', async (end, stopAfter, learnedHeldOut) => {
  const result = await train(stopAfter);
  const { manifest, weights } = readModel(nodeFiles, directory);
  const { best } = readRun(nodeFiles, directory).earlier.checkpoint;
  expect(result).toMatchObject({ end, learnedHeldOut, validationLoss: manifest.validationLoss });
  expect(manifest).toMatchObject({ learnedHeldOut, step: best.step });
  // The measured weights are in the checkpoint, and are the model's unless it has learned the held-out part.
  expect(measure(best.weights)).toBeCloseTo(manifest.validationLoss!, 5);
  if (learnedHeldOut) expect(measure(weights)).toBeLessThan(manifest.validationLoss! - 0.01);
  else expect(weights).toEqual(best.weights);
});

test('a run that cannot learn the held-out part keeps the measured weights, and says so', async () => {
  const notes: string[] = [];
  const result = await train(Infinity, { 'train.learningRate': 0 }, notes);
  const { manifest, weights } = readModel(nodeFiles, directory);
  expect(result.learnedHeldOut).toBe(false);
  expect(manifest.learnedHeldOut).toBe(false);
  expect(measure(weights)).toBeCloseTo(manifest.validationLoss!, 5);
  expect(notes).toEqual([expect.stringMatching(/^The held-out part .* did not fall\./)]);
  expect(readRun(nodeFiles, directory).earlier.history.points.notes).toEqual([
    { step: result.steps, text: notes[0] },
  ]);
});

test('the manifest of an older version says nothing about it', async () => {
  await train();
  const path = join(directory, 'model.json');
  const { learnedHeldOut, ...older } = JSON.parse(readFileSync(path, 'utf8'));
  expect(learnedHeldOut).toBe(true);
  expect(parseManifest(JSON.stringify(older)).learnedHeldOut).toBeUndefined();
});
