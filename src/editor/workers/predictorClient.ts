// The extension host's side of the prediction worker.
import type { StartWorker } from '../../protocol/port.ts';
import type { KnowNotice, PredictorService, Suggestion, SuggestRequest } from '../../protocol/predictor.ts';
import type { Diary } from '../report/diary.ts';
import { WorkerClient } from './workerClient.ts';

export class PredictorClient {
  readonly #worker: WorkerClient<PredictorService>;
  readonly #diary: Pick<Diary, 'suggested'>;

  constructor(start: StartWorker, diary: Pick<Diary, 'suggested'>) {
    this.#worker = new WorkerClient(start, { name: 'prediction worker' });
    this.#diary = diary;
  }

  /**
   * @returns the suggestions, best first; null when it was cancelled. @throws Error with a sentence for the
   * user.
   */
  async suggest(request: SuggestRequest, signal: AbortSignal): Promise<readonly Suggestion[] | null> {
    const asked = performance.now();
    const suggestions = await this.#worker.ask(request, signal);
    if (suggestions) this.#diary.suggested(performance.now() - asked);
    return suggestions;
  }

  /** Shows a text to a model. */
  know(text: Omit<KnowNotice, 'type'>): void {
    this.#worker.tell({ type: 'know', ...text });
  }

  /** Ends the worker, which then holds no model and no text. */
  end(): Promise<void> {
    return this.#worker.end();
  }

  dispose(): void {
    this.#worker.dispose();
  }
}
