// The exporter is a worker that writes a model for web pages, away from the editor's thread, which holds no
// weights.
import { parentPort, workerData } from 'node:worker_threads';
import { nodeFiles } from '../platform/node/files.ts';
import type { ExporterToHost, ExportRequest } from '../protocol/exporter.ts';
import { exportTfjs } from './exportTfjs.ts';
import { sayError } from './sayError.ts';

parentPort!.postMessage(answer(workerData));

function answer({ directory, to }: ExportRequest): ExporterToHost {
  try {
    exportTfjs(nodeFiles, directory, to, `${__dirname}/web`);
    return { type: 'exported' };
  } catch (error) {
    return { type: 'failed', message: sayError('The export', error) };
  }
}
