// All that is known exactly: what followed the contexts of the text, and where the text stood before. It needs no
// network, and outlives one: the next state of a training is taken up beside the same recall.
import type { Vocabulary } from '../../data/text/vocabulary.ts';
import { type Expectation, type Match, MatchModel } from './matchModel.ts';
import { beginning, type NgramContext, NgramContexts, orders, wordKinds } from './ngramContexts.ts';
import { NgramCounts } from './ngramCounts.ts';

/** Bounds memory to about 60 MB. */
const maximumContexts = 2_000_000;

/** The word's contexts refine what this order says. */
const orderBelowWords = orders.indexOf(3);

/** Opinions that a recall has. */
export const ngramPredictions = orders.length + wordKinds;

/** Where the reading stands, as far as a recall is concerned. */
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
  /** Index of the longest of `orders` whose context is known. */
  readonly known: number;
}

export class NgramModel {
  readonly #contexts: NgramContexts;
  readonly #memory: NgramCounts;
  readonly #matches = new MatchModel();
  /** Scratch, [V]. */
  readonly #p: Float64Array;
  readonly #belowWords: Float64Array;

  /** @param expected tokens that will be read at first; most texts have about one new context for each */
  constructor(vocabulary: Vocabulary, expected = 0) {
    this.#memory = new NgramCounts(maximumContexts, expected);
    this.#contexts = new NgramContexts(vocabulary);
    this.#p = new Float64Array(vocabulary.size);
    this.#belowWords = new Float64Array(vocabulary.size);
  }

  begin(): NgramPosition {
    return new NgramPosition(beginning, null);
  }

  /** Where `token` leads. */
  follow({ context, match }: NgramPosition, token: number): NgramPosition {
    const after = this.#contexts.follow(context, token);
    return new NgramPosition(after, this.#matches.follow(match, after));
  }

  /** Writes the logarithms of what each kind of context says of the next token: `logs` is [recallOpinions][V]. */
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

  /** That the newest token of `after` came at `before`. */
  learn(before: NgramPosition, after: NgramPosition): void {
    const token = after.context.recent[0];
    const keys = this.#contexts.keys(before.context);
    // What a longer context knew already is no news to a shorter one: update exclusion (Moffat 1990), by which a
    // short context counts in how many longer ones a token occurs, as Kneser & Ney (1995) found best.
    for (let order = keys.orders.length - 1; order >= 0; order--)
      if (this.#memory.count(keys.orders[order], token)) break;
    for (const key of keys.words) this.#memory.count(key, token);
    this.#matches.learn(before.match, before.context, token);
  }

  /** Learns a text that begins at `from`. @returns where it ends */
  read(tokens: Iterable<number>, from = this.begin()): NgramPosition {
    let place = from;
    for (const token of tokens) {
      const after = this.follow(place, token);
      this.learn(place, after);
      place = after;
    }
    return place;
  }
}

function logarithm(p: Float64Array, to: Float64Array): void {
  for (let token = 0; token < p.length; token++) to[token] = Math.log(p[token]);
}
