// Mixes predictions of a binary decision in the logistic domain: a weighted sum of their log-odds, with weights that are
// learned by gradient descent and chosen by small contexts (PAQ: Mahoney 2005; Mattern 2012).

/** The largest log-odds of a mixture. */
const largest = 12;

/** Returns the probability with these log-odds. */
export const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

/** Returns the log-odds of a probability. */
export const logit = (p: number): number => Math.log(p / (1 - p));

/** Returns log-odds within what a mixture may have, so that no decision becomes certain. */
export const bounded = (z: number): number => Math.max(-largest, Math.min(largest, z));

/** The learning rates: at first, and finally, where a set of weights has been learned for a while. */
export interface MixerRates {
  readonly first: number;
  readonly last: number;
  /** The number of learned decisions after which the first rate is halved; after twice as many it is a third, and so on. */
  readonly after: number;
}

/** A mixer weighs predictions of a binary decision by the set of weights that a context chooses. */
export class LogisticMixer {
  /** The weights, [sets × inputs]. */
  readonly weights: Float32Array;
  readonly #inputs: number;
  readonly #rates: MixerRates;
  /** The number of decisions that each set has learned. */
  readonly #learned: Float64Array;
  #from = 0;
  #set = 0;
  #p = 0.5;

  /**
   * @param weights the initial weights, [sets × inputs], which are changed in place
   * @param inputs the number of predictions
   */
  constructor(weights: Float32Array, inputs: number, rates: MixerRates) {
    this.weights = weights;
    this.#inputs = inputs;
    this.#rates = rates;
    this.#learned = new Float64Array(weights.length / inputs);
  }

  /** Returns the log-odds by a set of weights. @param x the log-odds of each prediction, [inputs] */
  mix(x: ArrayLike<number>, set: number): number {
    this.#set = set;
    this.#from = set * this.#inputs;
    let z = 0;
    for (let input = 0; input < this.#inputs; input++) z += this.weights[this.#from + input] * x[input];
    z = bounded(z);
    this.#p = sigmoid(z);
    return z;
  }

  /** Moves the weights of the last mixture up the gradient of log p(decision). @param x as `mix` had it */
  learn(x: ArrayLike<number>, decision: number): void {
    const { first, last, after } = this.#rates;
    const rate = Math.max(last, first / (1 + this.#learned[this.#set]++ / after));
    const step = rate * (decision - this.#p);
    for (let input = 0; input < this.#inputs; input++) this.weights[this.#from + input] += step * x[input];
  }
}
