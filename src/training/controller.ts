// Obeys the user's commands to a run while it lasts.
import type { RunCommand } from '../protocol/run.ts';
import type { Controls } from './controls.ts';
import type { RunObserver, Trained } from './runSetting.ts';

/** The effects of the commands on a run. */
export interface Commanded {
  /** Ends the run, which calls `ended`. */
  stop(): Promise<void>;
  /** @param lengthens whether the run gets its budget once more; if not, it goes on with the rest of it */
  extend(lengthens: boolean): void;
  setLearningRate(value: number): void;
  setThreshold(value: number): void;
}

/** Obeys commands, and knows whether the run is running, paused or ended. */
export class Controller {
  readonly #controls: Controls;
  readonly #observer: Pick<RunObserver, 'paused' | 'resumed'>;
  readonly #run: Commanded;
  #state: 'running' | 'paused' | Trained = 'running';

  constructor(controls: Controls, observer: Pick<RunObserver, 'paused' | 'resumed'>, run: Commanded) {
    this.#controls = controls;
    this.#observer = observer;
    this.#run = run;
  }

  get isRunning(): boolean {
    return this.#state === 'running';
  }

  /** The result of a run that has ended and that no command may let go on; null where there is none. */
  get final(): Trained | null {
    return this.#controls.closed && typeof this.#state === 'object' ? this.#state : null;
  }

  /** Whether the run is paused, and no command will ever resume it. */
  get isAbandoned(): boolean {
    return this.#controls.closed && this.#state === 'paused';
  }

  ended(trained: Trained): void {
    this.#state = trained;
  }

  pause(): void {
    this.#state = 'paused';
    this.#observer.paused();
  }

  /**
   * Obeys the commands that wait, up to one that rewinds the run. Those after it are left to the run that begins again.
   * @returns whether there were any, or whether the run has to be rewound
   */
  async obey(): Promise<'nothing' | 'obeyed' | 'rewind'> {
    let obeyed: 'nothing' | 'obeyed' = 'nothing';
    for (let command = this.#controls.take(); command; command = this.#controls.take()) {
      if (command.type === 'rewind') return 'rewind';
      await this.#obey(command);
      obeyed = 'obeyed';
    }
    return obeyed;
  }

  /** Settles when there is a command to obey, or when none will ever come. */
  wait(): Promise<void> {
    return this.#controls.wait();
  }

  async #obey(command: Exclude<RunCommand, { type: 'rewind' }>): Promise<void> {
    switch (command.type) {
      case 'pause':
        if (this.#state === 'running') this.pause();
        return;
      case 'resume':
        if (this.#state === 'paused') this.#resume();
        return;
      case 'stop':
        if (typeof this.#state !== 'object') await this.#run.stop();
        return;
      case 'extend': {
        const ended = typeof this.#state === 'object' ? this.#state : null;
        this.#run.extend(ended === null || ended.result.end === 'budget');
        if (ended) this.#resume();
        return;
      }
      case 'learningRate':
        this.#run.setLearningRate(command.value);
        return;
      case 'threshold':
        this.#run.setThreshold(command.value);
        return;
    }
  }

  #resume(): void {
    this.#state = 'running';
    this.#observer.resumed();
  }
}
