// The host's end of the exporter. Knows nothing of VS Code, so that it is tested without it.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ExporterToHost, ExportRequest } from '../protocol/exporter.ts';

/** Writes a model for web pages. @throws Error with a sentence for the user. */
export async function exportForWeb(script: string, request: ExportRequest): Promise<void> {
  const [failure] = (await once(new Worker(script, { workerData: request }), 'message')) as [ExporterToHost];
  if (failure !== null) throw new Error(failure);
}
