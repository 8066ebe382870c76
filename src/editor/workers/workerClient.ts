// The host's end of a worker that is asked: started at the first request, started anew after it has died. Knows
// nothing of VS Code, so that it is tested without it.
import { Worker } from 'node:worker_threads';
import type { HostToWorker, WorkerToHost } from '../../protocol/exchange.ts';
import { hasType, messageTypes } from '../../protocol/message.ts';

interface Waiting<Answer, Part> {
  answer(answer: Answer | null): void;
  fail(error: Error): void;
  part(part: Part): void;
}

/** Milliseconds that a worker may say nothing after a cancellation: one that computes for so long does not listen. */
const defaultPatience = 60_000;

const types = messageTypes<WorkerToHost<unknown, unknown>>()('part', 'answer', 'cancelled', 'failed');

export class WorkerClient<Request, Answer, Part = never, Notice = never> {
  readonly #script: string;
  readonly #name: string;
  readonly #patience: number;
  readonly #waiting = new Map<number, Waiting<Answer, Part>>();
  #worker: Worker | null = null;
  #watch: NodeJS.Timeout | null = null;
  #lastId = 0;
  #isDisposed = false;

  /**
   * @param name in sentences about it: 'prediction worker'
   * @param patience milliseconds that the worker may say nothing after a cancellation before it is ended
   */
  constructor(script: string, name: string, patience = defaultPatience) {
    this.#script = script;
    this.#name = name;
    this.#patience = patience;
  }

  /**
   * Settles once, whatever becomes of the worker. A cancellation does not wait for it.
   * @param part gets what there is of the answer, as it comes
   * @returns null when it was cancelled, or the client disposed of. @throws Error with a sentence for the user.
   */
  async ask(
    request: Request,
    signal: AbortSignal,
    part: (part: Part) => void = () => {},
  ): Promise<Answer | null> {
    if (signal.aborted || this.#isDisposed) return null;
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<Answer | null>();
    this.#waiting.set(id, { answer: resolve, fail: reject, part });
    const cancel = () => this.#cancel(id);
    signal.addEventListener('abort', cancel, { once: true });
    try {
      this.#post({ type: 'ask', id, request });
      return await promise;
    } finally {
      this.#waiting.delete(id);
      signal.removeEventListener('abort', cancel);
    }
  }

  /** There is no answer. */
  tell(notice: Notice): void {
    if (!this.#isDisposed) this.#post({ type: 'tell', notice });
  }

  /** Ends the worker with all that it knows; the next request starts another. What is asked of it now fails. */
  async end(): Promise<void> {
    const worker = this.#worker;
    this.#fail('has been ended');
    await worker?.terminate();
  }

  /** Cancels what is being asked. */
  dispose(): void {
    this.#isDisposed = true;
    for (const id of this.#waiting.keys()) this.#settle(id, (waiting) => waiting.answer(null));
    this.#end();
  }

  #post(message: HostToWorker<Request, Notice>): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(message);
  }

  #cancel(id: number): void {
    if (!this.#waiting.has(id)) return;
    this.#settle(id, (waiting) => waiting.answer(null));
    this.#worker?.postMessage({ type: 'cancel', id } satisfies HostToWorker<Request, Notice>);
    this.#watch ??= setTimeout(() => this.#fail('does not answer'), this.#patience).unref();
  }

  #settle(id: number, how: (waiting: Waiting<Answer, Part>) => void): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (waiting) how(waiting);
  }

  #start(): Worker {
    const worker = new Worker(this.#script);
    // After an error comes the end, when the next worker may be at work.
    const isCurrent = () => this.#worker === worker;
    worker.on('message', (message: unknown) => {
      if (isCurrent()) this.#hear(message);
    });
    worker.on('messageerror', () => {
      if (isCurrent()) this.#fail('said something that cannot be read');
    });
    worker.on('error', (error: unknown) => {
      if (isCurrent()) this.#fail(`failed: ${error instanceof Error ? error.message : error}`);
    });
    worker.on('exit', () => {
      if (isCurrent()) this.#fail('ended');
    });
    return worker;
  }

  #hear(message: unknown): void {
    this.#stopWatching();
    if (!hasType<WorkerToHost<Answer, Part>>(message, types) || !Number.isSafeInteger(message.id)) {
      this.#fail('said something that cannot be understood');
      return;
    }
    switch (message.type) {
      case 'part':
        this.#waiting.get(message.id)?.part(message.part);
        return;
      case 'answer':
        this.#settle(message.id, (waiting) => waiting.answer(message.answer));
        return;
      case 'cancelled':
        this.#settle(message.id, (waiting) => waiting.answer(null));
        return;
      case 'failed':
        this.#settle(message.id, (waiting) => waiting.fail(new Error(message.message)));
        return;
    }
  }

  /** Everything that is being asked fails; the next request starts another worker. */
  #fail(how: string): void {
    this.#end();
    for (const id of this.#waiting.keys())
      this.#settle(id, (waiting) => waiting.fail(new Error(`The ${this.#name} ${how}.`)));
  }

  #end(): void {
    this.#stopWatching();
    void this.#worker?.terminate();
    this.#worker = null;
  }

  #stopWatching(): void {
    if (this.#watch) clearTimeout(this.#watch);
    this.#watch = null;
  }
}
