// A worker that answers requests as long as there are any. It is started at the first request, and again
// after it has died.
import type { Service } from '../../protocol/channel.ts';
import type { StartWorker } from '../../protocol/port.ts';
import { HostChannel, type HostChannelOptions } from './hostChannel.ts';

export class WorkerClient<Of extends Service> {
  readonly #start: StartWorker;
  readonly #options: HostChannelOptions<Of>;
  #channel: HostChannel<Of> | null = null;
  #starts = 0;
  #isDisposed = false;

  constructor(start: StartWorker, options: HostChannelOptions<Of>) {
    this.#start = start;
    this.#options = options;
  }

  /** The number of workers that have been started; one that is started anew was told nothing. */
  get starts(): number {
    return this.#starts;
  }

  /** Sends a request, as `HostChannel.ask`. @returns null also when the client has been disposed of */
  async ask(
    request: Of['request'],
    signal: AbortSignal,
    part?: (part: Of['part']) => void,
  ): Promise<Of['answer'] | null> {
    if (signal.aborted || this.#isDisposed) return null;
    return this.#open().ask(request, signal, part);
  }

  /** Sends a notice, which is not answered. */
  tell(notice: Of['notice']): void {
    if (!this.#isDisposed) this.#open().tell(notice);
  }

  /** Ends the worker and all that it holds; the next request starts another. Pending requests fail. */
  async end(): Promise<void> {
    await this.#channel?.close();
  }

  /** Cancels all pending requests. */
  dispose(): void {
    this.#isDisposed = true;
    this.#channel?.dispose();
  }

  #open(): HostChannel<Of> {
    if (!this.#channel?.isOpen) {
      this.#channel = new HostChannel(this.#start(), this.#options);
      this.#starts++;
    }
    return this.#channel;
  }
}
