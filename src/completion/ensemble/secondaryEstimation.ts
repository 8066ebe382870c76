// Secondary symbol estimation: corrects a mixed probability by what came of such probabilities in a small context
// (Bloom 1999; PAQ's APM, Mahoney 2005).
import { sigmoid } from './logisticMixer.ts';

/** Log-odds from -8 to 8 in steps of a half, between which the correction is interpolated. */
const reach = 8;
const perUnit = 2;
const points = 2 * reach * perUnit + 1;

/** The share of a surprise by which a correction moves. */
const rate = 0.02;

/** A table of corrected probabilities: a row for each context, with a column for each of a few log-odds. */
export class SecondaryEstimation {
  readonly #p: Float32Array;
  #at = 0;
  #share = 0;

  /** @param contexts the number of contexts */
  constructor(contexts: number) {
    this.#p = Float32Array.from({ length: contexts * points }, (_, at) =>
      sigmoid((at % points) / perUnit - reach),
    );
  }

  get memoryBytes(): number {
    return this.#p.byteLength;
  }

  /** Returns the corrected probability. @param z the log-odds of the mixture */
  refine(z: number, context: number): number {
    const place = Math.min(points - 1.001, perUnit * (Math.max(-reach, Math.min(reach, z)) + reach));
    const low = Math.floor(place);
    this.#share = place - low;
    this.#at = context * points + low;
    return this.#p[this.#at] * (1 - this.#share) + this.#p[this.#at + 1] * this.#share;
  }

  /** Learns the decision of the last refinement. */
  learn(decision: number): void {
    const at = this.#at;
    this.#p[at] += rate * (1 - this.#share) * (decision - this.#p[at]);
    this.#p[at + 1] += rate * this.#share * (decision - this.#p[at + 1]);
  }
}
