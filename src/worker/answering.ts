// Answers requests in a worker, one after the other in the order of their arrival. A cancelled one computes
// nothing more.
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import type { Pause } from '../completion/stateCache/documentStates.ts';
import type { HostToWorker, WorkerToHost } from '../protocol/exchange.ts';
import { Problem } from '../protocol/problem.ts';

/** The milliseconds of computing after which messages, such as a cancellation, are received. */
export const slice = 4;

class Cancelled extends Error {}

export interface Answering<Request, Answer, Part, Notice> {
  /** Answers a request. @throws Problem for everything that the user can mend */
  answer(request: Request, pause: Pause, part: (part: Part) => void): Promise<Answer>;
  /** Called after the answer to a request has been posted. */
  answered?(request: Request): void;
  hear?(notice: Notice): Promise<void>;
}

/** Begins to answer requests. @returns a function that enqueues other work behind the requests so far */
export function answerRequests<Request, Answer, Part = never, Notice = never>({
  answer,
  answered,
  hear,
}: Answering<Request, Answer, Part, Notice>): (work: () => Promise<void>) => void {
  const port = parentPort!;
  const post = (message: WorkerToHost<Answer, Part>) => port.postMessage(message);
  const cancelled = new Set<number>();
  /** The requests that are not answered yet; a cancellation may also come after the answer. */
  const waiting = new Set<number>();
  let queue: Promise<void> = Promise.resolve();
  const enqueue = (work: () => Promise<void>) => {
    queue = queue.then(work);
  };

  async function reply(id: number, request: Request): Promise<WorkerToHost<Answer, Part>> {
    let resumed = performance.now();
    const pause: Pause = async () => {
      if (performance.now() - resumed > slice) {
        await setImmediate();
        resumed = performance.now();
      }
      if (cancelled.has(id)) throw new Cancelled();
    };
    try {
      await setImmediate();
      await pause();
      return {
        type: 'answer',
        id,
        answer: await answer(request, pause, (part) => post({ type: 'part', id, part })),
      };
    } catch (error) {
      if (error instanceof Cancelled) return { type: 'cancelled', id };
      if (error instanceof Problem) return { type: 'failed', id, message: error.message };
      return { type: 'failed', id, message: `a mistake in Unroll. ${(error as Error).stack}` };
    }
  }

  port.on('message', (message: HostToWorker<Request, Notice>) => {
    switch (message.type) {
      case 'ask':
        waiting.add(message.id);
        enqueue(async () => {
          post(await reply(message.id, message.request));
          waiting.delete(message.id);
          cancelled.delete(message.id);
          answered?.(message.request);
        });
        return;
      case 'cancel':
        if (waiting.has(message.id)) cancelled.add(message.id);
        return;
      case 'tell':
        enqueue(async () => hear?.(message.notice));
    }
  });
  return enqueue;
}
