// The ensemble combines the network, the n-gram counts and the match model in one distribution over the next
// character.
import type { Vocabulary } from '../../data/text/vocabulary.ts';
import { ranks } from './matchModel.ts';
import { Mixture, matchInputs, type Predictions } from './mixture.ts';
import { orders } from './ngramContexts.ts';
import { type NgramModel, type NgramPosition, ngramPredictions } from './ngramModel.ts';
import type { MarginalPosition, TokenMarginalizer } from './tokenMarginalization.ts';

const opinionCount = 1 + ngramPredictions;
const inputs = opinionCount + matchInputs;

/**
 * The number of weight sets: one for each longest known order, one for no match, and one for each rank of a
 * match.
 */
const sets = orders.length + 1 + ranks;

/** A position in a text: all that the next character depends on except what the models have learned. */
export interface EnsemblePosition extends NgramPosition {
  /** The position of the network. */
  readonly reading: MarginalPosition;
}

export class Ensemble {
  readonly vocabulary: Vocabulary;
  readonly #marginalizer: TokenMarginalizer;
  readonly #ngrams: NgramModel;
  readonly #mixture: Mixture;
  /** Scratch space for the predictions of the n-gram model. */
  readonly #recalled: readonly Float64Array[];
  readonly #p: Float64Array;

  /**
   * @param mixture weights as `mixture` returned them, [sets × inputs]; null where none have been learned yet
   */
  constructor(
    marginalizer: TokenMarginalizer,
    vocabulary: Vocabulary,
    ngrams: NgramModel,
    mixture: Float32Array | null,
  ) {
    this.vocabulary = vocabulary;
    this.#marginalizer = marginalizer;
    this.#ngrams = ngrams;
    const known = mixture?.length === sets * inputs ? mixture.slice() : null;
    this.#mixture = new Mixture(opinionCount, known ?? firstWeights(), known === null);
    this.#recalled = Array.from({ length: ngramPredictions }, () => new Float64Array(vocabulary.size));
    this.#p = new Float64Array(vocabulary.size);
  }

  /** A copy of the current weights of the mixture. */
  get mixture(): Float32Array {
    return this.#mixture.weights.slice();
  }

  begin(): EnsemblePosition {
    return { reading: this.#marginalizer.begin(), ...this.#ngrams.begin() };
  }

  /** Returns the position after `token`; nothing is learned. */
  read(position: EnsemblePosition, token: number): EnsemblePosition {
    return {
      reading: this.#marginalizer.read(position.reading, token),
      ...this.#ngrams.follow(position, token),
    };
  }

  /** Returns the probabilities of the next character, [V]. */
  predict(position: EnsemblePosition): Float64Array {
    const p = new Float64Array(this.vocabulary.size);
    this.#mixture.mix(this.#predictions(position), p);
    return p;
  }

  /**
   * Updates the n-gram model and the weights of the mixture with the character that leads from `before` to
   * `after`.
   * @returns the probability that it had
   */
  learn(before: EnsemblePosition, after: EnsemblePosition): number {
    const token = after.context.recent[0];
    const predictions = this.#predictions(before);
    this.#mixture.mix(predictions, this.#p);
    this.#mixture.learn(predictions, this.#p, token);
    this.#ngrams.learn(before, after);
    return this.#p[token];
  }

  #predictions(position: EnsemblePosition): Predictions {
    const { expected, known } = this.#ngrams.opine(position, this.#recalled);
    const rank = orders.length + (expected ? 1 + expected.rank : 0);
    return { logs: [position.reading.logs, ...this.#recalled], expected, sets: [known, rank] };
  }
}

/**
 * Returns initial weights near those that most texts lead to: about half for the network, half for the longer
 * contexts.
 */
function firstWeights(): Float32Array {
  const weights = new Float32Array(sets * inputs);
  for (let set = 0; set < orders.length; set++) {
    const of = weights.subarray(set * inputs, (set + 1) * inputs);
    of[0] = 0.4;
    of.fill(0.05, 2, 1 + orders.length);
    of[orders.indexOf(5) + 1] = 0.2;
    of[orders.length] = 0.3;
    of[opinionCount] = 0.3;
  }
  return weights;
}
