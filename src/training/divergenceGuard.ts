// Recognises that a run has diverged, and lowers its learning rate until it does not.
import { Problem } from '../protocol/problem.ts';

/**
 * The multiple of the uniform baseline's loss above which a run has diverged; it has too if the loss is not a
 * number.
 */
const divergedAbove = 2;

/** The smallest factor of the learning rate; a run that would need a smaller one has failed. */
const leastRateFactor = 1e-4;

const keepsDiverging =
  'The training keeps diverging, even at a small learning rate. Try a smaller `train.learningRate` or clipping.';
/** This message is for a run in which no update has succeeded: the learning rate is not to blame. */
const divergesAtOnce =
  'The training diverges at once: already at its initial weights the network’s loss or gradient is not a number, or far above guessing. In the cell, keep what `exp`, `log`, `sqrt`, `^` and `/` are applied to in range with tanh, σ, clip or norm, or begin with smaller weights (`init W = normal(0.01)`).';

export class DivergenceGuard {
  #rateFactor: number;

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
   */
  hasDiverged(loss: number, gradientNorm: number, uniform: number): boolean {
    return !(loss <= divergedAbove * Math.max(1, uniform)) || !Number.isFinite(gradientNorm);
  }

  /**
   * Halves the learning rate.
   * @param hasLearned whether an update has ever succeeded
   * @throws Problem when this has been done many times without success
   */
  setBack(hasLearned: boolean): void {
    this.#rateFactor /= 2;
    if (this.#rateFactor < leastRateFactor) throw new Problem(hasLearned ? keepsDiverging : divergesAtOnce);
  }

  /** Forgets all setbacks, as when the user sets another learning rate. */
  forgive(): void {
    this.#rateFactor = 1;
  }
}
