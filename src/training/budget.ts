// The budget of a run, in seconds and in epochs, and how much of it is spent.
import type { TrainOptions } from '../language/options/options.ts';
import type { Checkpoint } from './checkpoint.ts';

/** The budget of one run, which commands may shorten, restore and lengthen while it lasts. */
export class Budget {
  /** The budget that a run begins with, and gets again whenever it is extended. */
  readonly #once: Checkpoint['budget'];
  readonly #now: () => number;
  /** The seconds that are spent before the first update on something other than training. */
  readonly #ahead: number;
  #limit: Checkpoint['budget'];
  #isShortened: boolean;
  /** The time in milliseconds at which the clock would have started if there had been no pauses. */
  #zero: number;

  /**
   * @param now returns the time in milliseconds
   * @param ahead the seconds of the budget that are spent before the first update
   * @param earlier the checkpoint that the run goes on from; null at the beginning
   */
  constructor(
    { seconds, epochs }: Pick<TrainOptions, 'seconds' | 'epochs'>,
    now: () => number,
    ahead: number,
    earlier: Pick<Checkpoint, 'seconds' | 'budget'> | null,
  ) {
    this.#once = { seconds: seconds ?? Infinity, epochs: epochs ?? Infinity };
    this.#now = now;
    this.#ahead = ahead;
    this.#limit = earlier?.budget ?? this.#once;
    this.#isShortened = this.#limit.seconds < this.#once.seconds || this.#limit.epochs < this.#once.epochs;
    this.#zero = now() - 1000 * (earlier?.seconds ?? 0);
  }

  /** The current limits; Infinity means that there is none. */
  get limit(): Checkpoint['budget'] {
    return this.#limit;
  }

  /** The seconds for which the run has run, without pauses. */
  get seconds(): number {
    return (this.#now() - this.#zero) / 1000;
  }

  /**
   * Returns the share of the budget that is spent, in [0, 1]; it is 0 for a run without a limit, which goes on
   * until it stops improving.
   * @param epoch the number of passes through the training part, with its fraction
   */
  fraction(epoch: number): number {
    const { seconds, epochs } = this.#limit;
    return Math.min(1, Math.max((this.seconds + this.#ahead) / seconds, epoch / epochs));
  }

  /** Whether the run ends before its budget is spent. */
  get isShortened(): boolean {
    return this.#isShortened;
  }

  /** Ends the run sooner, such that this share of it, in (0, 1), is over now. A run without a limit gets one in epochs. */
  shorten(epoch: number, share: number): void {
    const { seconds, epochs } = this.#limit;
    const spent = this.seconds + this.#ahead;
    const isLimited = seconds < Infinity || epochs < Infinity;
    this.#limit = {
      seconds: seconds < Infinity ? Math.min(seconds, spent / share) : seconds,
      epochs: epochs < Infinity || !isLimited ? Math.min(epochs, epoch / share) : epochs,
    };
    this.#isShortened = true;
  }

  /** Gives a run that was shortened the rest of its budget. */
  restore(): void {
    if (!this.#isShortened) return;
    const { seconds, epochs } = this.#limit;
    this.#limit = {
      seconds: Math.max(seconds, this.#once.seconds),
      epochs: Math.max(epochs, this.#once.epochs),
    };
    this.#isShortened = false;
  }

  /** Gives a run its first budget once more, on top of what it has. */
  lengthen(): void {
    const more = (limit: number, once: number) => limit + (once === Infinity ? 0 : once);
    this.#limit = {
      seconds: more(this.#limit.seconds, this.#once.seconds),
      epochs: more(this.#limit.epochs, this.#once.epochs),
    };
  }

  /** Pauses the clock until the promise settles. */
  async pause(until: Promise<void>): Promise<void> {
    const since = this.#now();
    await until;
    this.#zero += this.#now() - since;
  }
}
