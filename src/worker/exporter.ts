// A model for web pages, written away from the editor's thread, which knows no weights.
import { parentPort, workerData } from 'node:worker_threads';
import type { ExporterToHost, ExportRequest } from '../protocol/exporter.ts';
import { exportTfjs } from './exportTfjs.ts';

parentPort!.postMessage(answer(workerData));

function answer({ directory, to }: ExportRequest): ExporterToHost {
  try {
    exportTfjs(directory, to, `${__dirname}/web`);
    return { type: 'exported' };
  } catch (error) {
    return { type: 'failed', message: (error as Error).message };
  }
}
