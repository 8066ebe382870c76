// Decides when the network is probed: often enough to be seen, and seldom enough to cost little.

/**
 * The shortest time between two probes of the network, in milliseconds, and the share of the time that they
 * may cost.
 */
const probeInterval = 1000;
const probeShare = 0.015;

/**
 * Where probes cost too much for that, there are still three: after the first update, when `earlyFraction` of
 * the budget is spent, and at the end. The second is left out where it would cost more than `earlyShare` of
 * the remaining time.
 */
const earlyFraction = 0.1;
const earlyShare = 0.05;

/** Measures what probes cost, and says when one is due. */
export class ProbeTimer {
  readonly #now: () => number;
  #next = Number.NEGATIVE_INFINITY;
  /** The milliseconds of the last probe. */
  #cost = 0;
  #step = -1;
  /** Whether there has been a probe after the first tenth of the budget. */
  #hasEarly = false;

  /** @param now returns the time in milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Returns whether the network should be probed after an update.
   * @param fraction the share of the budget that is spent, in [0, 1]
   * @param seconds the seconds for which the run has run
   */
  isDue(fraction: number, seconds: number): boolean {
    if (this.#now() >= this.#next) return true;
    if (this.#hasEarly || fraction < earlyFraction) return false;
    return this.#cost <= earlyShare * 1000 * (seconds / fraction) * (1 - fraction);
  }

  /** Whether a probe takes so little time that a user who stops a run does not notice it. */
  get isQuick(): boolean {
    return this.#cost < probeInterval;
  }

  /** Whether the network has been probed after this update. */
  has(step: number): boolean {
    return step === this.#step;
  }

  /** Measures what a probe costs. */
  time(step: number, fraction: number, probe: () => void): void {
    const began = this.#now();
    probe();
    this.#cost = this.#now() - began;
    this.#next = this.#now() + Math.max(probeInterval, this.#cost / probeShare);
    this.#step = step;
    this.#hasEarly ||= fraction >= earlyFraction;
  }
}
