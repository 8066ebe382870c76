// The host's end of the prediction worker: started at the first request, started anew after it has died.
import { Worker } from 'node:worker_threads';
import type {
  HostToPredictor,
  KnowRequest,
  PredictorToHost,
  Suggestion,
  SuggestRequest,
} from '../protocol/predictor.ts';
import type { Diary } from './diary.ts';

interface Waiting {
  resolve(suggestions: readonly Suggestion[] | null): void;
  reject(error: Error): void;
}

export class PredictorClient {
  readonly #script: string;
  readonly #diary: Pick<Diary, 'suggested'>;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #lastId = 0;

  constructor(script: string, diary: Pick<Diary, 'suggested'>) {
    this.#script = script;
    this.#diary = diary;
  }

  /** @returns best first; null when it was cancelled. @throws Error with a sentence for the user. */
  suggest(request: SuggestRequest, signal: AbortSignal): Promise<readonly Suggestion[] | null> {
    if (signal.aborted) return Promise.resolve(null);
    const id = ++this.#lastId;
    const cancel = () => this.#post({ type: 'cancel', id });
    const asked = performance.now();
    const answered = (suggestions: readonly Suggestion[] | null) => {
      if (suggestions) this.#diary.suggested(performance.now() - asked);
      return suggestions;
    };
    return new Promise<readonly Suggestion[] | null>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      signal.addEventListener('abort', cancel, { once: true });
      this.#post({ type: 'suggest', id, request });
    })
      .then(answered)
      .finally(() => signal.removeEventListener('abort', cancel));
  }

  /** Lets a model know a text; there is no answer. */
  know(request: KnowRequest): void {
    this.#post({ type: 'know', request });
  }

  dispose(): void {
    void this.#worker?.terminate();
  }

  #post(message: HostToPredictor): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(message);
  }

  #start(): Worker {
    const worker = new Worker(this.#script);
    worker.on('message', (message: PredictorToHost) => {
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      switch (message.type) {
        case 'suggestions':
          return waiting?.resolve(message.suggestions);
        case 'cancelled':
          return waiting?.resolve(null);
        case 'failed':
          return waiting?.reject(new Error(message.message));
      }
    });
    const gone = (reason: string) => {
      if (this.#worker === worker) this.#worker = null;
      for (const { reject } of this.#waiting.values()) reject(new Error(reason));
      this.#waiting.clear();
    };
    worker.on('error', (error: Error) => gone(`The prediction worker failed: ${error.message}.`));
    worker.on('exit', () => gone('The prediction worker ended.'));
    return worker;
  }
}
