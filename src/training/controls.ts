// Passes the user's commands to a run while it lasts.
import { defaultTemperature, type RunCommand } from '../protocol/run.ts';

/** The commands to one run, from whoever gives them to the loop that obeys them between two updates. */
export class Controls {
  /** The temperature of the samples. */
  temperature = defaultTemperature;
  readonly #waiting: RunCommand[] = [];
  #wake: () => void = () => {};
  #closed = false;

  /** Returns controls of a run without a user: it goes on to its end and is then over. */
  static none(): Controls {
    const controls = new Controls();
    controls.close();
    return controls;
  }

  send(command: RunCommand): void {
    this.#waiting.push(command);
    this.#wake();
  }

  /** Declares that no more commands will come, so that a run that has ended is over. */
  close(): void {
    this.#closed = true;
    this.#wake();
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Whether there is a command to take. */
  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Whether a command to stop waits to be obeyed. */
  get isToStop(): boolean {
    return this.#waiting.some(({ type }) => type === 'stop');
  }

  /** Takes the command that has waited longest. @returns undefined where none waits */
  take(): RunCommand | undefined {
    return this.#waiting.shift();
  }

  /** Settles when there is a command to take, or when none will ever come. */
  async wait(): Promise<void> {
    if (this.#waiting.length > 0 || this.#closed) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }
}
