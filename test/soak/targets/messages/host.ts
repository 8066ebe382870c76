// The host's side that all conversations need: the threads that were started, turns of the event loop, and a
// record of errors that nothing caught.
import { channel } from 'node:diagnostics_channel';
import { setImmediate } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';

/** Returns whether a failure is a sentence for a user. */
export const isSentence = (message: string) =>
  /^[A-Z'/].*\S[.!?]$/s.test(message) && !/\n\s+at /.test(message);

export class Host implements Disposable {
  readonly #uncaught: string[] = [];
  readonly #workers = new Set<Worker>();
  readonly #channel = channel('worker_threads');
  readonly #started = (message: unknown): void => {
    const { worker } = message as { worker: Worker };
    this.#workers.add(worker);
    worker.once('exit', () => this.#workers.delete(worker));
  };
  readonly #caught = (error: unknown): void => {
    this.#uncaught.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  };

  constructor() {
    this.#channel.subscribe(this.#started);
    process.on('unhandledRejection', this.#caught);
    process.on('uncaughtException', this.#caught);
  }

  /** Ends one of the threads, as if it had died. */
  killWorker(): void {
    const [worker] = this.#workers;
    void worker?.terminate();
  }

  /**
   * Checks for uncaught errors.
   * @throws Error when an error was not caught since the last call
   */
  async expectNothingUncaught(): Promise<void> {
    await turns(2);
    const [first] = this.#uncaught.splice(0);
    if (first) throw new Error(`Nobody caught: ${first}`);
  }

  [Symbol.dispose](): void {
    this.#channel.unsubscribe(this.#started);
    process.off('unhandledRejection', this.#caught);
    process.off('uncaughtException', this.#caught);
  }
}

/** Waits for so many turns of the event loop. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await setImmediate();
}
