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

/**
 * The milliseconds after which a search ends even if other processes have had most of them. A key that is pressed ends it
 * before. Where there is also a list of suggestions, VS Code waits 750 ms for ghost text.
 */
const most = 500;

export class SearchTime {
  readonly #now: () => number;
  readonly #limits: { readonly usual: number; readonly longest: number };
  readonly #began: number;
  #last: number;
  /** The number of steps by then. */
  #lastSteps = 0;
  /** The milliseconds of the steps so far, in ascending order. */
  readonly #durations: number[] = [];

  /** @param now returns the time in milliseconds */
  constructor(now: () => number, user: keyof typeof limits) {
    this.#now = now;
    this.#limits = limits[user];
    this.#began = now();
    this.#last = this.#began;
  }

  /**
   * Returns whether the search is to end after so many steps; it is asked before the first and after every step. All steps
   * are taken to have lasted as long as their median: in the longer ones other processes have run or code was compiled, and
   * suggestions would be shorter while a machine is busy.
   */
  isOver(steps: number): boolean {
    const now = this.#now();
    // A search in a gap has read the suffix before it asks for the first time.
    this.#enter((now - this.#last) / Math.max(1, steps - this.#lastSteps));
    [this.#last, this.#lastSteps] = [now, steps];
    const { usual, longest } = this.#limits;
    if (now - this.#began > most) return true;
    const median = this.#durations[(this.#durations.length - 1) >> 1];
    return median * steps > (steps < fewSteps ? longest : usual);
  }

  #enter(took: number): void {
    let place = this.#durations.length;
    while (place > 0 && this.#durations[place - 1] > took) place--;
    this.#durations.splice(place, 0, took);
  }
}
