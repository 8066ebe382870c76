// Mixes several predictions into one distribution. Their logarithms are summed with learned weights and
// normalised: the geometric mixing of PAQ (Mahoney 2005; Mattern 2012), here over all tokens at once.
import type { Expectation } from './matchModel.ts';

/** The learning rate of the weights, and the factor by which it is larger at first. */
const rate = 0.001;
const haste = 8;

/** The largest gradient of a weight, so that one surprise does not undo what many tokens have taught. */
const steepest = 4;

/** The number of a match's inputs to the mixture: its evidence, and a constant. */
export const matchInputs = 2;

export interface Predictions {
  /** The logarithms of each model's probabilities, [V] each. */
  readonly logs: readonly Float64Array[];
  /** The prediction of the match model, which is about one token alone. */
  readonly expected: Expectation | null;
  /** The indices of the weight sets for this position, which are added up. */
  readonly sets: readonly number[];
}

export class Mixture {
  /** The weights, [sets × inputs]: those of every prediction in turn, then those of a match. */
  readonly weights: Float32Array;
  readonly #inputs: number;
  readonly #sum: Float64Array;
  #updates: number;

  /**
   * @param predictions the number of predictions, without a match. @param fresh whether the weights are
   * untrained
   */
  constructor(predictions: number, weights: Float32Array, fresh: boolean) {
    this.#updates = fresh ? 0 : Number.POSITIVE_INFINITY;
    this.#inputs = predictions + matchInputs;
    this.#sum = new Float64Array(this.#inputs);
    this.weights = weights;
  }

  /** Makes the next steps as large as those of untrained weights. */
  hasten(): void {
    this.#updates = 0;
  }

  /** Writes the probability of every token to `p`, [V]. */
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

  /** Moves the weights up the gradient of log p(token), where `p` is the result of `mix`. */
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

/** Computes the softmax in place. */
export function softmax(z: Float64Array | Float32Array): void {
  let most = Number.NEGATIVE_INFINITY;
  for (const each of z) if (each > most) most = each;
  let sum = 0;
  for (let i = 0; i < z.length; i++) sum += z[i] = Math.exp(z[i] - most);
  for (let i = 0; i < z.length; i++) z[i] /= sum;
}
