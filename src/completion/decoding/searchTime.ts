// Ends a search by time, so that a suggestion comes while it is wanted, however large the network is.

/** The time of a search in milliseconds. */
const usual = 10;

/** The time of a search that has made only few steps by then, because the network is large or the machine is busy. */
const longest = 25;
const fewSteps = 24;

export class SearchTime {
  readonly #now: () => number;
  readonly #began: number;

  /** @param now returns the time in milliseconds */
  constructor(now: () => number) {
    this.#now = now;
    this.#began = now();
  }

  /**
   * Returns whether the search is to end after so many steps. A slow search ends before a step that would end too late,
   * if that takes as long as the steps so far did on average.
   */
  isOver(steps: number): boolean {
    const spent = this.#now() - this.#began;
    return steps < fewSteps ? spent + spent / Math.max(1, steps) > longest : spent > usual;
  }
}
