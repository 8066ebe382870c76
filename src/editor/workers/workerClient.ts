// The extension host's side of a worker that answers requests. The worker is started at the first request,
// and again after it has died. The file does not import VS Code, so that it can be tested without it.
import { Worker } from 'node:worker_threads';
import type { HostToWorker, WorkerToHost } from '../../protocol/exchange.ts';
import { hasType, messageTypes } from '../../protocol/message.ts';

interface Waiting<Answer, Part> {
  answer(answer: Answer | null): void;
  fail(error: Error): void;
  part(part: Part): void;
}

/**
 * The milliseconds that a worker may stay silent after a cancellation; one that computes longer does not
 * listen.
 */
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
   * @param name the worker's name in error messages, such as 'prediction worker'
   * @param patience milliseconds that the worker may stay silent after a cancellation before it is ended
   */
  constructor(script: string, name: string, patience = defaultPatience) {
    this.#script = script;
    this.#name = name;
    this.#patience = patience;
  }

  /**
   * Sends a request. The promise settles once, whatever happens to the worker; a cancellation does not wait
   * for it.
   * @param part gets the parts of the answer, as they come
   * @returns null when it was cancelled, or the client disposed of. @throws Error with a sentence for the
   * user.
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

  /** Sends a notice, which has no answer. */
  tell(notice: Notice): void {
    if (!this.#isDisposed) this.#post({ type: 'tell', notice });
  }

  /** Ends the worker and all that it holds; the next request starts another. Pending requests fail. */
  async end(): Promise<void> {
    const worker = this.#worker;
    this.#fail('has been ended');
    await worker?.terminate();
  }

  /** Cancels all pending requests. */
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
    // After an error the worker's exit event follows, when the next worker may already be running.
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

  /** Fails all pending requests; the next one starts another worker. */
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
