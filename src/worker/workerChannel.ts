// The worker's end of the channel to the host. It answers requests one after the other, in the order of their
// arrival. A cancelled one computes nothing more.
import type { Pause } from '../completion/stateCache/documentStates.ts';
import {
  type HostToWorker,
  hostToWorkerTypes,
  type Service,
  type WorkerToHost,
} from '../protocol/channel.ts';
import { hasType } from '../protocol/message.ts';
import type { Port } from '../protocol/port.ts';
import type { Breathe } from './platform.ts';
import { sayError } from './sayError.ts';

/** The milliseconds of computing after which messages, such as a cancellation, are received. */
export const timeSlice = 4;

class Cancelled extends Error {}

/** The work that a worker does for its host. */
export interface Work<Of extends Service> {
  /** The work as it is called in a sentence that says that it has failed, such as `The training`. */
  readonly name: string;
  /** Answers a request. @throws Problem for everything that the user can mend */
  answer(request: Of['request'], pause: Pause, part: (part: Of['part']) => void): Promise<Of['answer']>;
  /** Is called after the answer to a request has been posted. */
  answered?(request: Of['request']): void;
  /** The types of the host's notices, and what gets them at once, also while a request is being answered. */
  readonly notices?: { readonly types: ReadonlySet<string>; listen(notice: Of['notice']): void };
}

/** The worker's end of its connection with the host. */
export interface WorkerChannel<Of extends Service> {
  /** Posts an event at once. */
  say(event: Of['event']): void;
  /** Enqueues other work behind the requests so far. */
  enqueue(work: () => Promise<void>): void;
}

/** Begins to answer requests. */
export function serve<Of extends Service>(
  port: Port,
  breathe: Breathe,
  { name, answer, answered, notices }: Work<Of>,
): WorkerChannel<Of> {
  const post = (message: WorkerToHost<Of>) => port.post(message);
  /** The requests that have not begun. */
  const waiting = new Set<number>();
  /** The request that is being answered. */
  let current: { readonly id: number; isCancelled: boolean } | null = null;
  let queue: Promise<void> = Promise.resolve();
  const enqueue = (work: () => Promise<void>) => {
    queue = queue.then(work);
  };

  async function reply(id: number, request: Of['request']): Promise<WorkerToHost<Of>> {
    const own = { id, isCancelled: false };
    current = own;
    let resumed = performance.now();
    const pause: Pause = async () => {
      if (performance.now() - resumed > timeSlice) {
        await breathe();
        resumed = performance.now();
      }
      if (own.isCancelled) throw new Cancelled();
    };
    try {
      await breathe();
      await pause();
      const part = (part: Of['part']) => post({ type: 'part', id, part });
      return { type: 'answer', id, answer: await answer(request, pause, part) };
    } catch (error) {
      if (error instanceof Cancelled) return { type: 'cancelled', id };
      return { type: 'failed', id, message: sayError(name, error) };
    }
  }

  function hear(message: unknown): void {
    if (!hasType<HostToWorker<Of>>(message, hostToWorkerTypes))
      throw new Error('it was told something that cannot be understood');
    switch (message.type) {
      case 'request': {
        const { id, request } = message;
        waiting.add(id);
        enqueue(async () => {
          if (!waiting.delete(id)) return;
          post(await reply(id, request));
          current = null;
          answered?.(request);
        });
        return;
      }
      case 'cancel':
        // The host ends a worker that says nothing for long after a cancellation, and the one before may take long.
        if (waiting.delete(message.id)) post({ type: 'cancelled', id: message.id });
        else if (current?.id === message.id) current.isCancelled = true;
        return;
      case 'notice':
        if (!notices || !hasType(message.notice, notices.types))
          throw new Error('it was told something that cannot be understood');
        notices.listen(message.notice);
    }
  }

  port.listen({
    message: hear,
    failed() {
      throw new Error('it was told something that cannot be read');
    },
    // The platform ends a worker whose host is gone.
    ended() {},
  });
  return { say: (event) => post({ type: 'event', event }), enqueue };
}
