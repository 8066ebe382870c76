// The match model finds the longest earlier text that ends as the text before the cursor does, and predicts
// what came next there. It is a pointer into all that was read, as in PAQ's match model (Mahoney 2005) and in
// pointer networks (Merity et al. 2016).
import { hash, type NgramContext } from './ngramContexts.ts';

/** The shortest match; shorter contexts are left to the n-gram counts. */
const shortest = 6;

/** The length up to which matches are measured. */
const longest = 400;

/**
 * The binary logarithm of the number of slots in the index from the last tokens to where they last occurred.
 */
const indexBits = 20;

/**
 * The number of predictions of one length bucket at which their counts are halved, so that older ones weigh
 * less.
 */
const maximumTries = 255;

export interface Match {
  /** The index of the token that is expected next, in what was read. */
  readonly at: number;
  /** The number of tokens before it that agree. */
  readonly length: number;
}

export interface Expectation {
  readonly token: number;
  /**
   * log(p / (1 - p)) of the probability that the token comes, estimated from earlier matches of this length.
   */
  readonly evidence: number;
  /** The rank of the match by its length, from 0 to `ranks` - 1. */
  readonly rank: number;
}

export const ranks = 16;

export class MatchModel {
  #text = new Uint16Array(1024);
  #length = 0;
  /** The index of what last came after some tokens, by their hash. */
  readonly #index = new Int32Array(1 << indexBits);
  readonly #hits = new Float64Array(bucket(longest) + 1);
  readonly #tries = new Float64Array(bucket(longest) + 1);

  /** The bytes of the tokens that were read, and of their index. */
  get memoryBytes(): number {
    return this.#text.byteLength + this.#index.byteLength;
  }

  /** Returns the match after one more token. `after` is the context that ends with that token. */
  follow(match: Match | null, after: NgramContext): Match | null {
    if (match && this.#text[match.at] === after.recent[0] && match.at + 1 < this.#length)
      return { at: match.at + 1, length: Math.min(longest, match.length + 1) };
    if (after.recent.length < shortest) return null;
    const at = this.#index[this.#slot(after)];
    const length = at < this.#length ? this.#agreement(at, after.recent) : 0;
    return length < shortest ? null : { at, length };
  }

  expect(match: Match | null): Expectation | null {
    if (!match) return null;
    const of = bucket(match.length);
    return {
      token: this.#text[match.at],
      // Half a hit and half a miss are added (Krichevsky & Trofimov 1981), so that nothing is ever certain.
      evidence: Math.log((this.#hits[of] + 0.5) / (this.#tries[of] - this.#hits[of] + 0.5)),
      rank: Math.min(ranks - 1, of < 12 ? of >> 1 : 6 + ((of - 12) >> 2)),
    };
  }

  /** Learns the token that came after the context `before`, at which `match` was found. */
  learn(match: Match | null, before: NgramContext, token: number): void {
    if (match) {
      const of = bucket(match.length);
      this.#tries[of]++;
      if (this.#text[match.at] === token) this.#hits[of]++;
      if (this.#tries[of] > maximumTries) {
        this.#tries[of] /= 2;
        this.#hits[of] /= 2;
      }
    }
    // If the reading continues elsewhere, the context is stored too; otherwise no later match could extend
    // into it.
    if (this.#agreement(this.#length, before.recent) < before.recent.length)
      for (const each of before.recent.toReversed()) this.#append(each);
    if (before.recent.length >= shortest) this.#index[this.#slot(before)] = this.#length;
    this.#append(token);
  }

  #append(token: number): void {
    if (this.#length === this.#text.length) {
      const text = new Uint16Array(2 * this.#text.length);
      text.set(this.#text);
      this.#text = text;
    }
    this.#text[this.#length++] = token;
  }

  #slot({ recent }: NgramContext): number {
    let slot = 0;
    for (let back = 0; back < shortest; back++) slot = hash(slot, recent[back]);
    return slot >>> (32 - indexBits);
  }

  /** Returns how many tokens before `at` agree with the recent ones, from the newest backward. */
  #agreement(at: number, recent: Uint16Array): number {
    let length = 0;
    while (length < recent.length && length < at && this.#text[at - 1 - length] === recent[length]) length++;
    return length;
  }
}

/**
 * Returns the bucket of a length: each length up to 15 has its own, then every fourth and every eighth begins
 * one.
 */
function bucket(length: number): number {
  if (length < 16) return length;
  return length < 32 ? 16 + ((length - 16) >> 2) : 20 + Math.min(11, (length - 32) >> 3);
}
