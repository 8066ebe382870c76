// The extension host's side of the inspector.
import type { Answers, InspectorRequest } from '../../protocol/inspector.ts';
import { WorkerClient } from './workerClient.ts';

type Kind = InspectorRequest['kind'];

export class InspectorClient {
  readonly #worker: WorkerClient<InspectorRequest, Answers[Kind], string>;

  constructor(script: string) {
    this.#worker = new WorkerClient(script, 'inspector');
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
