// Limits what a network reads before a suggestion is looked for, so that one comes while it is wanted, however large the
// network is: a step of two layers of 1024 units takes 2 ms, and a new place in a document has some 400 characters before it.

/** The milliseconds that a network may read. */
const most = 16;

/** The number of steps that are measured, of which the shortest counts: the machine may have done something else in others. */
const measured = 4;

/** The fewest characters that are read. */
const fewest = 2;

/** Measures how fast a network reads. */
export class ReadingPace {
  readonly #now: () => number;
  /** The times of the last steps in milliseconds. */
  readonly #steps: number[] = [];

  /** @param now returns the time in milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Reads a character and takes the time. */
  timed<Position>(read: () => Position): Position {
    const began = this.#now();
    const position = read();
    this.#steps.push(this.#now() - began);
    if (this.#steps.length > measured) this.#steps.shift();
    return position;
  }

  /** The number of characters that may be read; as many as there are where too few steps have been measured. */
  get affordable(): number {
    if (this.#steps.length < measured) return Number.POSITIVE_INFINITY;
    return Math.max(fewest, Math.floor(most / Math.min(...this.#steps)));
  }
}
