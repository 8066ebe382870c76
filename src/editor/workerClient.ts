// The host's end of a worker that is asked: started at the first request, started anew after it has died. Knows
// nothing of VS Code, so that it is tested without it.
import { Worker } from 'node:worker_threads';
import type { HostToWorker, WorkerToHost } from '../protocol/exchange.ts';

interface Waiting<Answer, Part> {
  resolve(answer: Answer | null): void;
  reject(error: Error): void;
  part(part: Part): void;
}

export class WorkerClient<Request, Answer, Part = never, Notice = never> {
  readonly #script: string;
  readonly #name: string;
  readonly #waiting = new Map<number, Waiting<Answer, Part>>();
  #worker: Worker | null = null;
  #lastId = 0;

  /** @param name in sentences about it: 'prediction worker' */
  constructor(script: string, name: string) {
    this.#script = script;
    this.#name = name;
  }

  /**
   * @param part gets what there is of the answer, as it comes
   * @returns null when it was cancelled. @throws Error with a sentence for the user.
   */
  ask(request: Request, signal: AbortSignal, part: (part: Part) => void = () => {}): Promise<Answer | null> {
    if (signal.aborted) return Promise.resolve(null);
    const id = ++this.#lastId;
    const cancel = () => this.#post({ type: 'cancel', id });
    return new Promise<Answer | null>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, part });
      signal.addEventListener('abort', cancel, { once: true });
      this.#post({ type: 'ask', id, request });
    }).finally(() => signal.removeEventListener('abort', cancel));
  }

  /** There is no answer. */
  tell(notice: Notice): void {
    this.#post({ type: 'tell', notice });
  }

  /** Ends the worker with all that it knows; the next request starts another. What is asked of it now fails. */
  async end(): Promise<void> {
    await this.#worker?.terminate();
  }

  dispose(): void {
    void this.#worker?.terminate();
  }

  #post(message: HostToWorker<Request, Notice>): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(message);
  }

  #start(): Worker {
    const worker = new Worker(this.#script);
    worker.on('message', (message: WorkerToHost<Answer, Part>) => {
      const waiting = this.#waiting.get(message.id);
      if (message.type === 'part') return waiting?.part(message.part);
      this.#waiting.delete(message.id);
      switch (message.type) {
        case 'answer':
          return waiting?.resolve(message.answer);
        case 'cancelled':
          return waiting?.resolve(null);
        case 'failed':
          return waiting?.reject(new Error(message.message));
      }
    });
    const gone = (reason: string) => {
      // After an error comes the end, when the next worker may be at work.
      if (this.#worker !== worker) return;
      this.#worker = null;
      for (const { reject } of this.#waiting.values()) reject(new Error(reason));
      this.#waiting.clear();
    };
    worker.on('error', ({ message }: Error) => gone(`The ${this.#name} failed: ${message}.`));
    worker.on('exit', () => gone(`The ${this.#name} ended.`));
    return worker;
  }
}
