// The n-gram model holds what is known exactly: which characters followed the contexts of the text, and where
// the text has matched before. It depends on no network, so the next weights of a training run use the same
// one.
import type { Vocabulary } from '../../data/text/vocabulary.ts';
import { type Expectation, type Match, MatchModel } from './matchModel.ts';
import { beginning, type NgramContext, NgramContexts, orders, wordKinds } from './ngramContexts.ts';
import { NgramCounts } from './ngramCounts.ts';

/** The number of contexts, which bounds memory to about 60 MB. */
const maximumContexts = 2_000_000;

/** The order whose distribution the word contexts refine. */
const orderBelowWords = orders.indexOf(3);

/** The number of distributions that the n-gram model predicts. */
export const ngramPredictions = orders.length + wordKinds;

/** The position of the n-gram model in a text. */
export class NgramPosition {
  readonly context: NgramContext;
  readonly match: Match | null;

  constructor(context: NgramContext, match: Match | null) {
    this.context = context;
    this.match = match;
  }
}

export interface NgramPrediction {
  readonly expected: Expectation | null;
  /** The index of the longest of `orders` whose context is known. */
  readonly known: number;
}

export class NgramModel {
  readonly #contexts: NgramContexts;
  readonly #memory: NgramCounts;
  readonly #matches = new MatchModel();
  /** Scratch space, [V]. */
  readonly #p: Float64Array;
  readonly #belowWords: Float64Array;

  /**
   * @param expected the number of tokens that will be read at first; most texts have about one new context
   * for each
   */
  constructor(vocabulary: Vocabulary, expected = 0) {
    this.#memory = new NgramCounts(maximumContexts, expected);
    this.#contexts = new NgramContexts(vocabulary);
    this.#p = new Float64Array(vocabulary.size);
    this.#belowWords = new Float64Array(vocabulary.size);
  }

  /** The bytes of what has been learned. */
  get memoryBytes(): number {
    return this.#memory.memoryBytes + this.#matches.memoryBytes;
  }

  begin(): NgramPosition {
    return new NgramPosition(beginning, null);
  }

  /** Returns the position after `token`; nothing is learned. */
  follow({ context, match }: NgramPosition, token: number): NgramPosition {
    const after = this.#contexts.follow(context, token);
    return new NgramPosition(after, this.#matches.follow(match, after));
  }

  /**
   * Writes the logarithms of the probabilities that each kind of context gives the next token: `logs` is
   * [ngramPredictions][V].
   */
  opine({ context, match }: NgramPosition, logs: readonly Float64Array[]): NgramPrediction {
    const keys = this.#contexts.keys(context);
    const p = this.#p.fill(1 / this.#p.length);
    let known = 0;
    for (let order = 0; order < orders.length; order++) {
      const news = order < keys.orders.length && this.#memory.refine(keys.orders[order], p);
      if (news || order === 0) logarithm(p, logs[order]);
      else logs[order].set(logs[order - 1]);
      if (news) known = order;
      if (order === orderBelowWords) this.#belowWords.set(p);
    }
    for (const [kind, key] of keys.words.entries()) {
      this.#memory.refine(key, this.#belowWords);
      logarithm(this.#belowWords, logs[orders.length + kind]);
    }
    return { expected: this.#matches.expect(match), known };
  }

  /** Learns that the newest token of `after` came at `before`. */
  learn(before: NgramPosition, after: NgramPosition): void {
    const token = after.context.recent[0];
    const keys = this.#contexts.keys(before.context);
    // Update exclusion (Moffat 1990): a token that a longer context knew already is not counted in shorter
    // ones. So a short context counts in how many longer ones a token occurs, as Kneser & Ney (1995) found
    // best.
    for (let order = keys.orders.length - 1; order >= 0; order--)
      if (this.#memory.count(keys.orders[order], token)) break;
    for (const key of keys.words) this.#memory.count(key, token);
    this.#matches.learn(before.match, before.context, token);
  }

  /** Learns a text that begins at `from`. @returns the position at its end */
  read(tokens: Iterable<number>, from = this.begin()): NgramPosition {
    let position = from;
    for (const token of tokens) {
      const after = this.follow(position, token);
      this.learn(position, after);
      position = after;
    }
    return position;
  }
}

function logarithm(p: Float64Array, to: Float64Array): void {
  for (let token = 0; token < p.length; token++) to[token] = Math.log(p[token]);
}
