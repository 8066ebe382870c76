// The threshold at which the norm of the gradients is clipped (Pascanu, Mikolov & Bengio 2013).
import type { Clipping } from '../language/options/options.ts';

/** The number of updates whose norms make the adaptive threshold. */
const recent = 100;

/** The threshold for the next update's gradient norm, fixed or adaptive. */
export class ClipThreshold {
  readonly #clipping: Clipping;
  readonly #norms: number[];

  /** @param norms the norms of the last updates that were not clipped */
  constructor(clipping: Clipping, norms: readonly number[] = []) {
    this.#clipping = clipping;
    this.#norms = [...norms];
  }

  get norms(): readonly number[] {
    return this.#norms;
  }

  /**
   * The threshold, which is Infinity where nothing is clipped and before an adaptive threshold has seen a
   * norm.
   */
  get value(): number {
    if (this.#clipping.kind === 'norm') return this.#clipping.threshold;
    if (this.#clipping.kind === 'none' || this.#norms.length === 0) return Number.POSITIVE_INFINITY;
    return (this.#clipping.factor * this.#norms.reduce((sum, norm) => sum + norm, 0)) / this.#norms.length;
  }

  /**
   * Takes a norm into the mean. Norms that were clipped do not count, or a burst of explosions would raise
   * the threshold.
   */
  observe(norm: number): void {
    if (!Number.isFinite(norm) || norm > this.value) return;
    this.#norms.push(norm);
    if (this.#norms.length > recent) this.#norms.shift();
  }
}
