// The exporter is a worker that writes a model for other programs, or reads one that was exported, away from the
// editor's thread, which holds no weights.
import { parentPort, workerData } from 'node:worker_threads';
import { nodeFiles } from '../platform/node/files.ts';
import type { ExporterToHost, ExportRequest, ImportRequest } from '../protocol/exporter.ts';
import { readEngineWishes, startEngine } from './engines.ts';
import { exportFormats } from './exportFormats.ts';
import { importModel } from './importModel.ts';
import { sayError } from './sayError.ts';

void answer(workerData).then((message) => parentPort!.postMessage(message));

async function answer(request: ExportRequest | ImportRequest): Promise<ExporterToHost> {
  try {
    if (request.type === 'import') return { type: 'imported', message: await importRequested(request) };
    exportFormats[request.format](nodeFiles, request.directory, request.to, __dirname);
    return { type: 'exported' };
  } catch (error) {
    return {
      type: 'failed',
      message: sayError(request.type === 'import' ? 'The import' : 'The export', error),
    };
  }
}

function importRequested({ from, directory, settings }: ImportRequest): Promise<string> {
  const engine = async () => (await startEngine(__dirname, readEngineWishes(settings))).engine;
  return importModel(engine, nodeFiles, from, directory, null);
}
