// Runs a worker that does one task, sends one message and ends. It does not import VS Code, so that it can be
// tested without it.
import { Worker } from 'node:worker_threads';

interface WorkerTask {
  readonly script: string;
  /** The worker's `workerData`. */
  readonly request: unknown;
  /** The worker's name in error messages, such as 'sampler'. */
  readonly name: string;
  /** Aborting it ends the worker. */
  readonly signal?: AbortSignal;
}

/**
 * Resolves to the worker's message, after which the worker is ended.
 * @param read parses the message; null if it is not one that this worker sends
 * @returns null when it was cancelled. @throws Error with a sentence for the user.
 */
export async function onlyMessage<Message>(
  { script, request, name, signal }: WorkerTask,
  read: (message: unknown) => Message | null,
): Promise<Message | null> {
  if (signal?.aborted) return null;
  const { promise, resolve, reject } = Promise.withResolvers<Message | null>();
  const fail = (how: string) => reject(new Error(`The ${name} ${how}`));
  const cancel = () => resolve(null);
  signal?.addEventListener('abort', cancel, { once: true });
  const worker = new Worker(script, { workerData: request });
  worker.on('message', (message: unknown) => {
    const understood = read(message);
    if (understood === null) fail('said something that cannot be understood. Try again.');
    else resolve(understood);
  });
  worker.on('messageerror', () => fail('said something that cannot be read. Try again.'));
  worker.on('error', (error: unknown) => fail(`failed: ${error instanceof Error ? error.message : error}.`));
  worker.on('exit', () => fail('ended unexpectedly. Try again.'));
  try {
    return await promise;
  } finally {
    signal?.removeEventListener('abort', cancel);
    void worker.terminate();
  }
}
