// Trains a small model on disk, for tests that need one.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ResourceLimits } from 'node:worker_threads';
import { startTrainer } from '../../src/editor/workers/trainerClient.ts';
import { predictorLimits, startThread, trainerLimits } from '../../src/platform/node/startWorker.ts';
import type { StartWorker } from '../../src/protocol/port.ts';
import type { TrainRequest } from '../../src/protocol/trainer.ts';

export const script = (name: string) => join(import.meta.dirname, `../../out/${name}.cjs`);

/** Returns what starts a built worker in a thread of its own, as the host does. */
export const start =
  (name: string): StartWorker =>
  () =>
    startThread(script(name), limits[name]);

const limits: Readonly<Record<string, ResourceLimits>> = {
  trainer: trainerLimits,
  predictor: predictorLimits,
};

export function trainRequest(
  text: string,
  directory: string,
  settings: Readonly<Record<string, unknown>>,
  more: Partial<TrainRequest> = {},
): TrainRequest {
  return {
    documents: [text],
    source: 'a.log',
    title: 'a.log',
    uri: null,
    pattern: null,
    remarks: [],
    languageId: 'log',
    directory,
    settings: { 'train.k1': 10, 'train.k2': 10, 'train.batch': 4, 'train.seconds': null, ...settings },
    definition: null,
    cell: null,
    ...more,
  };
}

/** @returns the model's folder, which the caller must remove */
export async function trained(
  text: string,
  settings: Readonly<Record<string, unknown>>,
  more: Partial<TrainRequest> = {},
): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'unroll-model-'));
  const trainer = startTrainer(
    start('trainer'),
    { type: 'train', request: trainRequest(text, directory, settings, more) },
    ({ type }) => {
      if (type === 'done' || type === 'failed') trainer.close();
    },
  );
  await trainer.ended;
  return directory;
}
