// Ends a search by time, so that a suggestion comes while it is wanted, however large the network is.

/** The time of a search in milliseconds. */
const usual = 10;

/** The time of a search that has made only few steps by then, because the network is large. */
const longest = 20;
const fewSteps = 24;

export class SearchTime {
  readonly #now: () => number;
  #last: number;
  #spent = 0;
  /** The longest step, which does not count: the machine may have done something else in it. */
  #longest = 0;

  /** @param now returns the time in milliseconds */
  constructor(now: () => number) {
    this.#now = now;
    this.#last = now();
  }

  /**
   * Returns whether the search is to end after so many steps; it is asked after every step. A slow search ends before a
   * step that would end too late, if that takes as long as the steps so far did on average.
   */
  isOver(steps: number): boolean {
    const now = this.#now();
    this.#count(now - this.#last);
    this.#last = now;
    const counted = Math.max(1, steps - 1);
    return steps < fewSteps ? this.#spent + this.#spent / counted > longest : this.#spent > usual;
  }

  #count(took: number): void {
    this.#spent += Math.min(took, this.#longest);
    this.#longest = Math.max(took, this.#longest);
  }
}
