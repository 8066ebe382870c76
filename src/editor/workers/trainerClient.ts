// The extension host's side of the training worker. It does not import VS Code, so that it can be tested
// without it.
import { Worker } from 'node:worker_threads';
import { hasType, messageTypes } from '../../protocol/message.ts';
import type { RunCommand } from '../../protocol/run.ts';
import type { ContinueRequest, HostToTrainer, TrainerToHost, TrainRequest } from '../../protocol/trainer.ts';

export interface TrainerClient {
  send(command: RunCommand): void;
  /** Sets the temperature of the samples from now on. */
  temperature(value: number): void;
  /** Lets the worker end when the run has ended. */
  close(): void;
  /** Ends the worker at once. */
  kill(): Promise<void>;
  /** Settles when the worker has ended. */
  readonly ended: Promise<void>;
}

/** The worker's task: a new run, or a run on disk to continue. */
export type Order =
  | { readonly type: 'train'; readonly request: TrainRequest }
  | { readonly type: 'continue'; readonly request: ContinueRequest };

/**
 * The limit of V8's young generation. Few objects live at a time; by default V8 would let more garbage pile
 * up.
 */
const maxYoungGenerationSizeMb = 3;

const types = messageTypes<TrainerToHost>()(
  'started',
  'paused',
  'resumed',
  'progress',
  'saved',
  'done',
  'failed',
);

/**
 * Runs one training in a worker of its own. `listen` gets `done` or `failed` in any case: a worker that dies
 * during the run counts as failed, with a sentence. After `done`, only `resumed` and `started` are passed on,
 * which continue the run; after `failed`, nothing is.
 */
export function startTrainer(
  script: string,
  order: Order,
  listen: (message: TrainerToHost) => void,
): TrainerClient {
  const worker = new Worker(script, { resourceLimits: { maxYoungGenerationSizeMb } });
  const post = (message: HostToTrainer) => worker.postMessage(message);
  let state: 'running' | 'done' | 'failed' = 'running';
  const hear = (message: TrainerToHost) => {
    const goesOn = message.type === 'resumed' || message.type === 'started';
    if (state === 'failed' || (state === 'done' && !goesOn)) return;
    state = message.type === 'done' || message.type === 'failed' ? message.type : 'running';
    listen(message);
  };
  const fail = (message: string) => {
    if (state === 'running') hear({ type: 'failed', message });
  };
  worker.on('message', (message: unknown) => {
    if (hasType<TrainerToHost>(message, types)) {
      hear(message);
      return;
    }
    fail('The training worker said something that cannot be understood. The last checkpoint is kept.');
    void worker.terminate();
  });
  worker.on('messageerror', () => {
    fail('The training worker said something that cannot be read. The last checkpoint is kept.');
    void worker.terminate();
  });
  worker.on('error', (error: unknown) => {
    const { code, message } = error instanceof Error ? (error as NodeJS.ErrnoException) : { message: error };
    fail(
      code === 'ERR_WORKER_OUT_OF_MEMORY'
        ? 'The training ran out of memory. Try fewer hidden units, a smaller batch or a shorter text.'
        : `The training worker failed: ${message}.`,
    );
  });
  const ended = new Promise<void>((resolve) => {
    worker.on('exit', () => {
      fail(
        'The training worker ended unexpectedly. What it had kept until then can be continued; train again where there is nothing.',
      );
      resolve();
    });
  });
  post(order);
  return {
    send: (command) => post({ type: 'control', command }),
    temperature: (value) => post({ type: 'temperature', value }),
    close: () => post({ type: 'close' }),
    kill: async () => {
      await worker.terminate();
    },
    ended,
  };
}
