// The extension host's side of the prediction worker.

import type { ModelReference } from '../../protocol/modelReference.ts';
import type { StartWorker } from '../../protocol/port.ts';
import {
  type CountNotice,
  type KnowNotice,
  type PredictorService,
  predictorEvents,
  type Suggestion,
  type SuggestRequest,
} from '../../protocol/predictor.ts';
import type { TrainingDocument } from '../../protocol/trainer.ts';
import type { Diary } from '../report/diary.ts';
import { WorkerClient } from './workerClient.ts';

/**
 * The milliseconds after which a worker is ended that has only opened models ahead. It holds nothing that is not on disk, while
 * one that was asked for suggestions, or told a text, has learned from what was typed.
 */
const unusedPatience = 30 * 60_000;

export class PredictorClient {
  readonly #worker: WorkerClient<PredictorService>;
  readonly #diary: Pick<Diary, 'suggested'>;
  readonly #listeners = new Set<(event: unknown) => void>();
  #isUsed = false;
  #unused: NodeJS.Timeout | undefined;

  constructor(start: StartWorker, diary: Pick<Diary, 'suggested'>) {
    this.#worker = new WorkerClient(start, {
      name: 'prediction worker',
      events: {
        types: predictorEvents,
        listen: (event) => {
          for (const listener of this.#listeners) listener(event);
        },
      },
    });
    this.#diary = diary;
  }

  /** An event as VS Code's are: a text has been read, and a request that got no suggestion may get one now. */
  readonly onDidRead = (listener: (event: unknown) => void): { dispose(): void } => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };

  /**
   * @param documents returns the text to count, if the request is about one and the worker does not have it
   * @returns the suggestions, best first; null when it was cancelled, or there is no such text. @throws Error
   * with a sentence for the user.
   */
  async suggest(
    request: SuggestRequest,
    signal: AbortSignal,
    documents: () => Promise<readonly TrainingDocument[] | null> = async () => null,
  ): Promise<readonly Suggestion[] | null> {
    this.#use();
    const asked = performance.now();
    let answer = await this.#worker.ask(request, signal);
    if (answer === 'not counted') {
      const text = await documents();
      if (text === null) return null;
      this.count({ model: request.model, documents: text });
      answer = await this.#worker.ask(request, signal);
    }
    if (answer === null || answer === 'not counted') return null;
    this.#diary.suggested(performance.now() - asked);
    return answer;
  }

  /** Has a text counted, for suggestions without a model. */
  count(text: Omit<CountNotice, 'type'>): void {
    this.#use();
    this.#worker.tell({ type: 'count', ...text });
  }

  /** Has a model opened, if it is not. A worker that is told nothing else for half an hour is ended. */
  open(model: ModelReference): void {
    this.#worker.tell({ type: 'open', ...model });
    clearTimeout(this.#unused);
    if (!this.#isUsed) this.#unused = setTimeout(() => void this.end(), unusedPatience).unref();
  }

  /** The number of workers that have been started. One that is started anew has been shown no text. */
  get starts(): number {
    return this.#worker.starts;
  }

  /** Shows a text to a model. */
  know(text: Omit<KnowNotice, 'type'>): void {
    this.#use();
    this.#worker.tell({ type: 'know', ...text });
  }

  #use(): void {
    this.#isUsed = true;
    clearTimeout(this.#unused);
  }

  /** Ends the worker, which then holds no model and no text. */
  end(): Promise<void> {
    return this.#worker.end();
  }

  dispose(): void {
    clearTimeout(this.#unused);
    this.#worker.dispose();
  }
}
