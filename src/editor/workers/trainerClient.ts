// The host's side of the training worker.
import type { StartWorker } from '../../protocol/port.ts';
import type { RunCommand } from '../../protocol/run.ts';
import {
  type TrainerEvent,
  type TrainerRequest,
  type TrainerService,
  trainerEvents,
} from '../../protocol/trainer.ts';
import { describeFault, type Fault, HostChannel } from './hostChannel.ts';

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

/** An event of a run: one of the worker's, or the run's failure. */
export type RunEvent =
  | TrainerEvent
  /** @property fault what has become of the worker; absent where it has said itself why the run failed */
  | { readonly type: 'failed'; readonly message: string; readonly fault?: Fault };

/** Starts a training, as `startTrainer` does. */
export type StartTrainer = (request: TrainerRequest, listen: (event: RunEvent) => void) => TrainerClient;

/**
 * Runs one training in a worker of its own. `listen` gets `done` or `failed` in any case: a worker that dies
 * during the run counts as failed, with a sentence. After `done`, only `resumed` and `started` are passed on,
 * which continue the run; after `failed`, and after the worker's last answer, nothing is.
 */
export function startTrainer(
  start: StartWorker,
  request: TrainerRequest,
  listen: (event: RunEvent) => void,
): TrainerClient {
  let state: 'running' | 'done' | 'over' = 'running';
  const hear = (event: TrainerEvent) => {
    const goesOn = event.type === 'resumed' || event.type === 'started';
    if (state === 'over' || (state === 'done' && !goesOn)) return;
    state = event.type === 'done' ? 'done' : 'running';
    listen(event);
  };
  let fault: Fault | undefined;
  const channel = new HostChannel<TrainerService>(start(), {
    name: 'training worker',
    describe: (why, name) => {
      fault = why;
      return describe(why, name);
    },
    events: { types: trainerEvents, listen: hear },
  });
  const fail = (message: string) => {
    const failed = state === 'running';
    state = 'over';
    if (failed) listen({ type: 'failed', message, ...(fault ? { fault } : {}) });
  };
  const over = channel.ask(request).then(
    () => fail(describe({ kind: 'ended' }, 'training worker')),
    (error: Error) => fail(error.message),
  );
  return {
    send: (command) => channel.tell({ type: 'control', command }),
    temperature: (value) => channel.tell({ type: 'temperature', value }),
    close: () => channel.tell({ type: 'close' }),
    kill: () => channel.close(),
    ended: over.then(() => channel.ended),
  };
}

function describe(fault: Fault, name: string): string {
  switch (fault.kind) {
    case 'unreadable':
    case 'misunderstood':
      return `${describeFault(fault, name)} The last checkpoint is kept.`;
    case 'outOfMemory':
      return 'The training ran out of memory. Try fewer hidden units, a smaller batch or a shorter text.';
    case 'ended':
    case 'died':
    case 'closed':
      return `${describeFault(fault.kind === 'closed' ? { kind: 'ended' } : fault, name)} What it had kept until then can be continued; train again where there is nothing.`;
    default:
      return describeFault(fault, name);
  }
}
