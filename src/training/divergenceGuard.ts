// Recognises that a run has diverged, and lowers its learning rate until it does not.
import type { Weights } from '../backend/engine.ts';
import { Problem } from '../protocol/problem.ts';

/**
 * The multiple of the uniform baseline's loss above which a run has diverged; it has too if the loss is not a
 * number.
 */
const divergedAbove = 2;

/**
 * The least number of bits that stands for the uniform baseline. Among few classes, a batch of few rows may well cost
 * several bits a row before anything is learned; what costs twice as many as this has got a thousandth of the
 * probability.
 */
const leastUniform = 5;

/**
 * The same where densities are predicted, which have no bound: a number that is ten of its own standard deviations away
 * costs 72 bits, and the next updates make the network less sure. Weights that explode cost far more.
 */
const leastOfDensity = 50;

/**
 * The largest absolute weight of a network that has not diverged. Sums of products of three such numbers stay
 * within the range of 32 bits; beyond it, a saturating function turns an overflow into a number again, and a
 * loss says nothing.
 */
const largestWeight = 1e12;

/** The smallest factor of the learning rate; a run that would need a smaller one has failed. */
const leastRateFactor = 1e-4;

const keepsDiverging =
  'The training keeps diverging, even at a ten-thousandth of its learning rate. The state of a cell probably grows from step to step: in the cell, keep it in range with tanh, σ, clip or norm, or begin with a recurrent matrix of a smaller spectral radius (`init U = orthogonal radius 0.9`).';
/** This message is for a run in which no update has succeeded: the learning rate is not to blame. */
const divergesAtOnce =
  'The training diverges at once: already at its initial weights the network’s loss or gradient is not a number, or far above guessing. In the cell, keep what `exp`, `log`, `sqrt`, `^` and `/` are applied to in range with tanh, σ, clip or norm, or begin with smaller weights (`init W = normal(0.01)`).';

/** Returns whether a weight is no number, or so large that what the network computes leaves 32 bits. */
export function haveExploded(weights: Weights): boolean {
  for (const { data } of weights.values())
    for (const value of data) if (!(Math.abs(value) <= largestWeight)) return true;
  return false;
}

/** Counts the setbacks of one run. */
export class DivergenceGuard {
  #rateFactor: number;
  /** The number of setbacks to the best state, as long as that stays the same. */
  #setbacks = 0;

  /** @param rateFactor what earlier setbacks have left of the learning rate, 0 … 1 */
  constructor(rateFactor: number) {
    this.#rateFactor = rateFactor;
  }

  /** The factor by which setbacks have lowered the learning rate, 0 … 1. */
  get rateFactor(): number {
    return this.#rateFactor;
  }

  /**
   * Whether an update has diverged.
   * @param loss in bits per unit
   * @param uniform the loss of guessing blindly, in the same unit
   * @param isDensity whether numbers are predicted, with their densities
   */
  hasDiverged(loss: number, gradientNorm: number, uniform: number, isDensity = false): boolean {
    const least = isDensity ? leastOfDensity : leastUniform;
    return !(loss <= divergedAbove * Math.max(least, uniform)) || !Number.isFinite(gradientNorm);
  }

  /**
   * Halves the learning rate.
   * @param hasLearned whether an update has ever succeeded
   * @param best the step of the state that the run goes back to
   * @returns a sentence for the user; null where one has been said for the same best state
   * @throws Problem when this has been done many times without success
   */
  setBack(hasLearned: boolean, best: number): string | null {
    this.#rateFactor /= 2;
    if (this.#rateFactor < leastRateFactor) throw new Problem(hasLearned ? keepsDiverging : divergesAtOnce);
    return this.#setbacks++ > 0
      ? null
      : `The loss exploded: back to the best state (step ${best.toLocaleString('en')}), at ${this.#percentage} of the learning rate.`;
  }

  /**
   * Is called when there is a better state, and when the run ends.
   * @returns a sentence for the user where there has been more than one setback to the state before, otherwise
   * null
   */
  settle(): string | null {
    const setbacks = this.#setbacks;
    this.#setbacks = 0;
    return setbacks > 1
      ? `The loss exploded ${setbacks} times from that state on, which left ${this.#percentage} of the learning rate.`
      : null;
  }

  get #percentage(): string {
    return `${(100 * this.#rateFactor).toPrecision(3)} %`;
  }

  /** Forgets all setbacks, as when the user sets another learning rate. */
  forgive(): void {
    this.#rateFactor = 1;
  }
}
