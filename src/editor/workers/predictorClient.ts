// The extension host's side of the prediction worker.
import type { KnowRequest, Suggestion, SuggestRequest } from '../../protocol/predictor.ts';
import type { Diary } from '../report/diary.ts';
import { WorkerClient } from './workerClient.ts';

export class PredictorClient {
  readonly #worker: WorkerClient<SuggestRequest, readonly Suggestion[], never, KnowRequest>;
  readonly #diary: Pick<Diary, 'suggested'>;

  constructor(script: string, diary: Pick<Diary, 'suggested'>) {
    this.#worker = new WorkerClient(script, 'prediction worker');
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
  know(request: KnowRequest): void {
    this.#worker.tell(request);
  }

  /** Ends the worker, which then holds no model and no text. */
  end(): Promise<void> {
    return this.#worker.end();
  }

  dispose(): void {
    this.#worker.dispose();
  }
}
