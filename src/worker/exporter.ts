// The exporter is a worker that writes a model for other programs, away from the editor's thread, which holds
// no weights.
import { parentPort, workerData } from 'node:worker_threads';
import { nodeFiles } from '../platform/node/files.ts';
import type { ExporterToHost, ExportRequest } from '../protocol/exporter.ts';
import { exportFormats } from './exportFormats.ts';
import { sayError } from './sayError.ts';

parentPort!.postMessage(answer(workerData));

function answer({ format, directory, to }: ExportRequest): ExporterToHost {
  try {
    exportFormats[format](nodeFiles, directory, to, __dirname);
    return { type: 'exported' };
  } catch (error) {
    return { type: 'failed', message: sayError('The export', error) };
  }
}
