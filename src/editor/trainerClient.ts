// The host's end of the training worker. Knows nothing of VS Code, so that it is tested without it.
import { Worker } from 'node:worker_threads';
import type { HostToTrainer, TrainerToHost, TrainRequest } from '../protocol/trainer.ts';

export interface TrainerClient {
  /** Ends the run early and keeps what it has learned. */
  stop(): void;
  /** Ends the worker at once. */
  kill(): Promise<void>;
  /** Settles when the worker is gone. */
  readonly ended: Promise<void>;
}

/**
 * Runs one training in a worker of its own. `listen` hears `done` or `failed` once, whatever becomes of the
 * worker: one that dies is a failure with a sentence.
 */
export function startTrainer(
  script: string,
  request: TrainRequest,
  listen: (message: TrainerToHost) => void,
): TrainerClient {
  const worker = new Worker(script);
  const post = (message: HostToTrainer) => worker.postMessage(message);
  let settled = false;
  const settle = (message: TrainerToHost) => {
    if (settled) return;
    settled = message.type === 'done' || message.type === 'failed';
    listen(message);
  };
  worker.on('message', settle);
  worker.on('error', (error: Error & { code?: string }) =>
    settle({
      type: 'failed',
      message:
        error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? 'The training ran out of memory. Try fewer hidden units, a smaller batch or a shorter text.'
          : `The training worker failed: ${error.message}.`,
    }),
  );
  const ended = new Promise<void>((resolve) => {
    worker.on('exit', () => {
      settle({
        type: 'failed',
        message: 'The training worker ended unexpectedly. The last checkpoint is kept; train again to go on.',
      });
      resolve();
    });
  });
  post({ type: 'train', request });
  return {
    stop: () => post({ type: 'stop' }),
    kill: async () => {
      await worker.terminate();
    },
    ended,
  };
}
