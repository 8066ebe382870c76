// Several opinions of what comes next → one. Their logarithms are summed with learned weights and normalised: the
// geometric mixing of PAQ (Mahoney 2005; Mattern 2012), here over all tokens at once.
import type { Expectation } from './matchModel.ts';

/** Learning rate of the weights, and how much larger it is at first. */
const rate = 0.001;
const haste = 8;

/** Of a weight's gradient: one surprise must not undo what many tokens have taught. */
const steepest = 4;

/** A match's part in a mixture: its evidence, and that there is one. */
export const matchInputs = 2;

export interface Predictions {
  /** Logarithms of probabilities, [V] each. */
  readonly logs: readonly Float64Array[];
  /** Of one token alone. */
  readonly expected: Expectation | null;
  /** The sets of weights that are for this place; they add up. */
  readonly sets: readonly number[];
}

export class Mixture {
  /** [sets × inputs]: of every opinion in turn, then of a match. */
  readonly weights: Float32Array;
  readonly #inputs: number;
  readonly #sum: Float64Array;
  #updates: number;

  /** @param opinions how many there are, a match aside. @param fresh whether the weights have not learned yet */
  constructor(predictions: number, weights: Float32Array, fresh: boolean) {
    this.#updates = fresh ? 0 : Number.POSITIVE_INFINITY;
    this.#inputs = predictions + matchInputs;
    this.#sum = new Float64Array(this.#inputs);
    this.weights = weights;
  }

  /** The probability of every token [V]. */
  mix({ logs, expected, sets }: Predictions, p: Float64Array): void {
    const weights = this.#weightsOf(sets);
    p.fill(0);
    for (const [input, log] of logs.entries()) {
      const weight = weights[input];
      for (let token = 0; token < p.length; token++) p[token] += weight * log[token];
    }
    if (expected) p[expected.token] += weights[logs.length] * expected.evidence + weights[logs.length + 1];
    softmax(p);
  }

  /** A step up the gradient of log p(token), where `p` is what `mix` has made of the opinions. */
  learn({ logs, expected, sets }: Predictions, p: Float64Array, token: number): void {
    const step = rate * Math.max(1, haste / Math.sqrt(1 + this.#updates++ / 64));
    const move = (input: number, gradient: number) => {
      const by = step * Math.max(-steepest, Math.min(steepest, gradient));
      for (const set of sets) this.weights[set * this.#inputs + input] += by;
    };
    for (const [input, log] of logs.entries()) {
      let mean = 0;
      for (let each = 0; each < p.length; each++) mean += p[each] * log[each];
      move(input, log[token] - mean);
    }
    if (!expected) return;
    const surprise = (expected.token === token ? 1 : 0) - p[expected.token];
    move(logs.length, surprise * expected.evidence);
    move(logs.length + 1, surprise);
  }

  #weightsOf(sets: readonly number[]): Float64Array {
    this.#sum.fill(0);
    for (const set of sets)
      for (let input = 0; input < this.#inputs; input++)
        this.#sum[input] += this.weights[set * this.#inputs + input];
    return this.#sum;
  }
}

/** In place. */
export function softmax(z: Float64Array | Float32Array): void {
  let most = Number.NEGATIVE_INFINITY;
  for (const each of z) if (each > most) most = each;
  let sum = 0;
  for (let i = 0; i < z.length; i++) sum += z[i] = Math.exp(z[i] - most);
  for (let i = 0; i < z.length; i++) z[i] /= sum;
}
