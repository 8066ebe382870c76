// The host's end of the laboratory. Knows nothing of VS Code, so that it is tested without it.
import { Worker } from 'node:worker_threads';
import type { Finding, LaboratoryRequest, LaboratoryToHost } from '../protocol/laboratory.ts';

/**
 * One examination in a worker of its own, which ends with it.
 *
 * @returns null when it was cancelled. @throws Error with a sentence for the user.
 */
export function examine(
  script: string,
  request: LaboratoryRequest,
  signal: AbortSignal,
): Promise<Finding | null> {
  if (signal.aborted) return Promise.resolve(null);
  const worker = new Worker(script, { workerData: request });
  const cancel = () => void worker.terminate();
  signal.addEventListener('abort', cancel, { once: true });
  return new Promise<Finding | null>((resolve, reject) => {
    worker.on('message', (message: LaboratoryToHost) => {
      if (message.type === 'found') resolve(message.finding);
      else reject(new Error(message.message));
    });
    worker.on('error', ({ message }: Error) => reject(new Error(`The laboratory failed: ${message}.`)));
    worker.on('exit', () => {
      if (signal.aborted) resolve(null);
      else reject(new Error('The laboratory ended unexpectedly. Try again.'));
    });
  }).finally(() => signal.removeEventListener('abort', cancel));
}
