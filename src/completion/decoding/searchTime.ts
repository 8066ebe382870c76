// Ends a search by time, so that a suggestion comes while it is wanted, however large the network is.

/**
 * The time of a search in milliseconds, and that of one that has made only few steps by then, because the network is
 * large. A user who types does not wait; one who has asked for alternatives does.
 */
const limits = {
  typing: { usual: 10, longest: 20 },
  asking: { usual: 50, longest: 100 },
} as const;
const fewSteps = 24;

export class SearchTime {
  readonly #now: () => number;
  readonly #limits: { readonly usual: number; readonly longest: number };
  #last: number;
  #spent = 0;
  /** The longest step, which does not count: the machine may have done something else in it. */
  #longest = 0;

  /** @param now returns the time in milliseconds */
  constructor(now: () => number, user: keyof typeof limits) {
    this.#now = now;
    this.#limits = limits[user];
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
    const { usual, longest } = this.#limits;
    return steps < fewSteps ? this.#spent + this.#spent / counted > longest : this.#spent > usual;
  }

  #count(took: number): void {
    this.#spent += Math.min(took, this.#longest);
    this.#longest = Math.max(took, this.#longest);
  }
}
