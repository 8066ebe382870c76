// The extension host's side of the inspector.
import type { Answers, InspectorRequest, InspectorService } from '../../protocol/inspector.ts';
import type { StartWorker } from '../../protocol/port.ts';
import { WorkerClient } from './workerClient.ts';

export class InspectorClient {
  readonly #worker: WorkerClient<InspectorService>;

  constructor(start: StartWorker) {
    this.#worker = new WorkerClient(start, { name: 'inspector' });
  }

  /**
   * @param written gets the parts of a text that is being generated, as they come
   * @returns null when it was cancelled. @throws Error with a sentence for the user.
   */
  ask<Request extends InspectorRequest>(
    request: Request,
    signal: AbortSignal,
    written?: (text: string) => void,
  ): Promise<Answers[Request['kind']] | null> {
    return this.#worker.ask(request, signal, written) as Promise<Answers[Request['kind']] | null>;
  }

  /** Ends the worker, which then holds no model and no text. */
  end(): Promise<void> {
    return this.#worker.end();
  }

  dispose(): void {
    this.#worker.dispose();
  }
}
