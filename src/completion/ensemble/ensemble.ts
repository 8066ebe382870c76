// The ensemble combines the network, the n-gram counts and the match model in one distribution over the next
// character. Counts and matches need no training, so that an ensemble may begin without a network.
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
  /** The position of the network; null where there is none. */
  readonly reading: MarginalPosition | null;
}

/** The bytes of a position's objects, about, besides the numbers of the network. */
const objectBytes = 1000;

/** A copy of the n-gram model's prediction at a position, and the token that came. */
export interface Recalled extends Predictions {
  readonly token: number;
}

/** The end of a text: what the n-gram model predicted at each token of it before it had read that token. */
export interface RecalledTail {
  /** The tokens before, from which a network gets its state. */
  readonly lead: Int32Array;
  readonly recalled: readonly Recalled[];
}

/** Returns the bytes of a tail. */
export const tailBytes = ({ recalled }: RecalledTail): number =>
  recalled.reduce((sum, { logs }) => sum + logs.reduce((bytes, { byteLength }) => bytes + byteLength, 0), 0);

export class Ensemble {
  readonly vocabulary: Vocabulary;
  readonly #marginalizer: TokenMarginalizer | null;
  readonly #ngrams: NgramModel;
  readonly #mixture: Mixture;
  /** Scratch space for the predictions of the n-gram model. */
  readonly #recalled: readonly Float64Array[];
  readonly #p: Float64Array;
  /** Stands for a network that is not there: nothing is likelier than anything else. */
  readonly #nothing: Float64Array;

  /**
   * @param marginalizer null where there is no network
   * @param mixture weights as `mixture` returned them, [sets × inputs]; null where none have been learned yet
   */
  constructor(
    marginalizer: TokenMarginalizer | null,
    vocabulary: Vocabulary,
    ngrams: NgramModel,
    mixture: Float32Array | null,
  ) {
    this.vocabulary = vocabulary;
    this.#marginalizer = marginalizer;
    this.#ngrams = ngrams;
    const known = mixture?.length === sets * inputs ? mixture.slice() : null;
    this.#mixture = new Mixture(opinionCount, known ?? firstWeights(marginalizer !== null), known === null);
    this.#recalled = Array.from({ length: ngramPredictions }, () => new Float64Array(vocabulary.size));
    this.#p = new Float64Array(vocabulary.size);
    this.#nothing = new Float64Array(vocabulary.size);
  }

  /** A copy of the current weights of the mixture. */
  get mixture(): Float32Array {
    return this.#mixture.weights.slice();
  }

  /** The bytes of a position, about. */
  get positionBytes(): number {
    return objectBytes + (this.#marginalizer?.positionBytes ?? 0);
  }

  begin(): EnsemblePosition {
    return { reading: this.#marginalizer?.begin() ?? null, ...this.#ngrams.begin() };
  }

  /** Returns the position after `token`; nothing is learned. */
  read(position: EnsemblePosition, token: number): EnsemblePosition {
    return {
      reading: position.reading && this.#marginalizer!.read(position.reading, token),
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

  /** Returns what the n-gram model predicts at a position before it learns the `token` that came there. */
  recall(position: EnsemblePosition, token: number): Recalled {
    const { logs, expected, sets } = this.#predictions(position);
    return { logs: logs.slice(1).map((each) => each.slice()), expected, sets, token };
  }

  /**
   * Lets the network join: the weights of the mixture, which it had no part in or which others had than its
   * present ones, are learned on a tail that the n-gram model has read since. Yields after every token.
   */
  *join({ lead, recalled }: RecalledTail): Generator<void> {
    const marginalizer = this.#marginalizer!;
    this.#mixture.hasten();
    let reading = marginalizer.begin();
    for (const token of lead) {
      reading = marginalizer.read(reading, token);
      yield;
    }
    for (const { logs, expected, sets, token } of recalled) {
      const predictions = { logs: [reading.logs, ...logs], expected, sets };
      this.#mixture.mix(predictions, this.#p);
      this.#mixture.learn(predictions, this.#p, token);
      reading = marginalizer.read(reading, token);
      yield;
    }
  }

  #predictions(position: EnsemblePosition): Predictions {
    const { expected, known } = this.#ngrams.opine(position, this.#recalled);
    const rank = orders.length + (expected ? 1 + expected.rank : 0);
    const network = position.reading?.logs ?? this.#nothing;
    return { logs: [network, ...this.#recalled], expected, sets: [known, rank] };
  }
}

/** The weight that a network has at first. */
const ofNetwork = 0.4;

/**
 * Returns initial weights near those that most texts lead to: about half for the network, half for the longer
 * contexts, to which its half goes where it is absent.
 */
function firstWeights(network: boolean): Float32Array {
  const weights = new Float32Array(sets * inputs);
  const share = network ? 1 : 1 / (1 - ofNetwork);
  for (let set = 0; set < orders.length; set++) {
    const of = weights.subarray(set * inputs, (set + 1) * inputs);
    of[0] = network ? ofNetwork : 0;
    of.fill(0.05 * share, 2, 1 + orders.length);
    of[orders.indexOf(5) + 1] = 0.2 * share;
    of[orders.length] = 0.3 * share;
    of[opinionCount] = 0.3 * share;
  }
  return weights;
}
