// What a run may spend, in seconds and in epochs, and how much of it is gone.
import type { TrainOptions } from '../language/options.ts';
import type { Checkpoint } from './checkpoint.ts';

export class Budget {
  /** What it begins with, and gets again whenever it is to go on for longer. */
  readonly #once: Checkpoint['budget'];
  readonly #now: () => number;
  /** Seconds that are gone before the first update, on what is not training. */
  readonly #ahead: number;
  #limit: Checkpoint['budget'];
  /** When the clock, in milliseconds and without pauses, stood at nothing. */
  #zero: number;

  /** @param earlier where the run goes on from */
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
    this.#zero = now() - 1000 * (earlier?.seconds ?? 0);
  }

  /** Infinity is no limit. */
  get limit(): Checkpoint['budget'] {
    return this.#limit;
  }

  /** In which the run has run. */
  get seconds(): number {
    return (this.#now() - this.#zero) / 1000;
  }

  /** 0 … 1 of what it may spend; without a limit a run goes on until it stops getting better. */
  fraction(epoch: number): number {
    const { seconds, epochs } = this.#limit;
    return Math.min(1, Math.max((this.seconds + this.#ahead) / seconds, epoch / epochs));
  }

  lengthen(): void {
    const more = (limit: number, once: number) => limit + (once === Infinity ? 0 : once);
    this.#limit = {
      seconds: more(this.#limit.seconds, this.#once.seconds),
      epochs: more(this.#limit.epochs, this.#once.epochs),
    };
  }

  /** What passes until it settles is not spent. */
  async pause(until: Promise<void>): Promise<void> {
    const since = this.#now();
    await until;
    this.#zero += this.#now() - since;
  }
}
