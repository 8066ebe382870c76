// The encoder-decoders of these tests: what they are trained on and with, and a record of their runs.
import { join } from 'node:path';
import { startWasm } from '../../../src/backend/wasm/engine.ts';
import { nodePlatform } from '../../../src/platform/node/platform.ts';
import { emptyPoints, type RunResult, type RunStart } from '../../../src/protocol/run.ts';
import { random } from '../../../src/tape/random.ts';
import type { RunListener } from '../../../src/worker/runRecorder.ts';
import { readKernels } from '../../kernels/modules.ts';

export const engine = (await startWasm({ read: readKernels, threads: 1, spawn: null }))!;
export const platform = nodePlatform(join(import.meta.dirname, '../../../out'));

/** Words of at most four letters and a digit, with the same in capitals, the digit first. */
export function table(rows: number, seed: number): string {
  const next = random(seed);
  const lines = Array.from({ length: rows }, () => {
    const letters = Array.from({ length: 1 + Math.floor(next() * 4) }, () => 'abc'[Math.floor(next() * 3)]);
    const digit = Math.floor(next() * 10);
    return `${letters.join('')}${digit}\t${digit}${letters.join('').toUpperCase()}`;
  });
  return ['word\tturned', ...lines].join('\n');
}

export const settings = {
  'model.encoder': 'both GRU 16',
  'model.layers': 'DecoderGRU 32',
  'train.epochs': 25,
  'train.batch': 16,
  'train.learningRate': 0.02,
  'train.patience': null,
};

export const asPairs = { kind: 'encoder-decoder', reads: null, writes: null, heldOut: null } as const;

/** A run's listener, which keeps what it is told. */
export class RunRecord implements RunListener {
  start!: RunStart;
  result!: RunResult;
  readonly points = emptyPoints();

  started(started: RunStart): void {
    this.start = started;
  }
  paused(): void {}
  resumed(): void {}
  progress: RunListener['progress'] = (_, { validations, samples }) => {
    this.points.validations.push(...validations);
    this.points.samples.push(...samples);
  };
  saved(): void {}
  ended(ended: RunResult): void {
    this.result = ended;
  }
}
