// A training run from text to model folder: what the worker does for the editor and the command line for itself.
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import type { Weights } from '../backend/engine.ts';
import type { RunPoints, RunProgress, RunResult, RunStart, ValidationPoint } from '../protocol/run.ts';
import type { TrainRequest } from '../protocol/trainer.ts';
import { readCorpus } from '../training/corpus.ts';
import { train } from '../training/trainer.ts';
import { startEngine } from './engines.ts';
import { writeHistory, writeModel } from './modelFolder.ts';
import { plan } from './plan.ts';
import { version } from '../version.ts';

export interface RunListener {
  started(start: RunStart): void;
  progress(progress: RunProgress, points: RunPoints): void;
  saved(directory: string): void;
}
