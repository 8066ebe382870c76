// The laboratory is a worker that examines one cell, away from the editor's thread.
import { parentPort, workerData } from 'node:worker_threads';
import type { LaboratoryRequest, LaboratoryToHost } from '../protocol/laboratory.ts';
import { Problem } from '../protocol/problem.ts';
import { examine } from './examine.ts';

parentPort!.postMessage(answer(workerData));

function answer(request: LaboratoryRequest): LaboratoryToHost {
  try {
    return { type: 'found', finding: examine(request) };
  } catch (error) {
    const { message } = error as Error;
    return {
      type: 'failed',
      message:
        error instanceof Problem
          ? message
          : `The examination failed because of a mistake in Unroll: ${message}`,
    };
  }
}
