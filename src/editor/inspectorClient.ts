// The host's end of the inspector: started at the first request, started anew after it has died. Knows nothing of VS
// Code, so that it is tested without it.
import { Worker } from 'node:worker_threads';
import type { Answers, HostToInspector, InspectorRequest, InspectorToHost } from '../protocol/inspector.ts';

type Kind = InspectorRequest['kind'];

interface Waiting {
  resolve(answer: Answers[Kind] | null): void;
  reject(error: Error): void;
  written(text: string): void;
}

export class InspectorClient {
  readonly #script: string;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #lastId = 0;

  constructor(script: string) {
    this.#script = script;
  }

  /**
   * @param written gets a text that is being generated as it comes
   * @returns null when it was cancelled. @throws Error with a sentence for the user.
   */
  ask<Request extends InspectorRequest>(
    request: Request,
    signal: AbortSignal,
    written: (text: string) => void = () => {},
  ): Promise<Answers[Request['kind']] | null> {
    if (signal.aborted) return Promise.resolve(null);
    const id = ++this.#lastId;
    const cancel = () => this.#post({ type: 'cancel', id });
    return new Promise<Answers[Request['kind']] | null>((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as Waiting['resolve'], reject, written });
      signal.addEventListener('abort', cancel, { once: true });
      this.#post({ type: 'ask', id, request });
    }).finally(() => signal.removeEventListener('abort', cancel));
  }

  dispose(): void {
    void this.#worker?.terminate();
  }

  #post(message: HostToInspector): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(message);
  }

  #start(): Worker {
    const worker = new Worker(this.#script);
    worker.on('message', (message: InspectorToHost) => {
      const waiting = this.#waiting.get(message.id);
      if (message.type === 'written') return waiting?.written(message.text);
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
    worker.on('error', (error: Error) => gone(`The inspector failed: ${error.message}.`));
    worker.on('exit', () => gone('The inspector ended.'));
    return worker;
  }
}
