// What a user asks of a run while it lasts, on its way to the run.
import { defaultTemperature, type RunCommand } from '../protocol/run.ts';

export class Controls {
  /** Of the samples. */
  temperature = defaultTemperature;
  readonly #waiting: RunCommand[] = [];
  #wake: () => void = () => {};
  #closed = false;

  /** Of a run that nobody asks for anything: it goes to its end, and that is all. */
  static none(): Controls {
    const controls = new Controls();
    controls.close();
    return controls;
  }

  send(command: RunCommand): void {
    this.#waiting.push(command);
    this.#wake();
  }

  /** Nobody will ask for anything any more: a run that has ended is over. */
  close(): void {
    this.#closed = true;
    this.#wake();
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** What has been asked for since the last call, in order. */
  take(): RunCommand[] {
    return this.#waiting.splice(0);
  }

  /** Settles when there is something to take, or never will be. */
  async wait(): Promise<void> {
    if (this.#waiting.length > 0 || this.#closed) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }
}
