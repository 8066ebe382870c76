// Says what the reference reads, and how much of it rounding to 32 bits decides.
import type { Truth } from './truth.ts';

export class ReferenceReading {
  readonly #truth: Truth;
  readonly #weights: ReadonlyMap<string, Float64Array>;
  readonly #loss: () => number;
  readonly #tokens: Int32Array;

  /**
   * @param weights the weights of the reference, which are moved in place
   * @param loss returns the loss of the window with the weights as they are
   * @param tokens a row, whose last logits are compared
   */
  constructor(
    truth: Truth,
    weights: ReadonlyMap<string, Float64Array>,
    loss: () => number,
    tokens: Int32Array,
  ) {
    this.#truth = truth;
    this.#weights = weights;
    this.#loss = loss;
    this.#tokens = tokens;
  }

  /** Returns the loss, and then the logits after the row. */
  read(): number[] {
    const loss = this.#loss();
    this.#truth.run(this.#tokens, this.#tokens, this.#truth.begin());
    return [loss, ...this.#truth.logits];
  }

  /**
   * Returns how far each number moves, relative to it or to 1, when the last digits that 32 bits have of the
   * weights do (Monte Carlo arithmetic, Parker 1997).
   */
  rounding(next: () => number): number[] {
    const expected = this.read();
    const most = expected.map(() => 0);
    const kept = [...this.#weights.values()].map((values) => [values, values.slice()] as const);
    for (let tries = 0; tries < 8; tries++) {
      for (const [values, before] of kept)
        for (const [i, value] of before.entries()) values[i] = value * (1 + (next() - 0.5) * 2e-7);
      for (const [i, value] of this.read().entries()) {
        const off = Math.abs(value - expected[i]) / Math.max(1, Math.abs(expected[i]));
        if (!(off <= most[i])) most[i] = off;
      }
    }
    for (const [values, before] of kept) values.set(before);
    return most;
  }
}
