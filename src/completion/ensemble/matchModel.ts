// The match model finds the longest earlier text that ends as the text before the cursor does, and predicts
// what came next there. It is a pointer into all that was read, as in PAQ's match model (Mahoney 2005) and in
// pointer networks (Merity et al. 2016).
import { extendHash } from './hash.ts';
import type { NgramContext } from './ngramContexts.ts';

/** The shortest match; shorter contexts are left to the n-gram counts. */
const shortest = 6;

/** The length up to which matches are measured. */
const longest = 400;

/**
 * The number of slots for each token in the index from the last tokens to where they last occurred, and the binary
 * logarithms of the least and the largest number of slots. Tokens share slots by their hash, and the one that came later
 * takes it.
 */
const slotsPerToken = 8;
const leastBits = 13;
const mostBits = 20;

const bitsFor = (tokens: number): number =>
  Math.max(leastBits, Math.min(mostBits, Math.ceil(Math.log2(slotsPerToken * Math.max(1, tokens)))));

/**
 * The number of tokens in a row that a match survives being wrong: where a line differs from an earlier one in a number,
 * what follows is the same again.
 */
const mostMisses = 8;

/** The length at which a match that was wrong counts as never wrong again. */
const recovered = 16;

/** An earlier text that agrees with the present one. */
export interface Match {
  /** The index of the token that is expected next, in what was read. */
  readonly at: number;
  /** The number of tokens before it that agree. */
  readonly length: number;
  /** The number of times that it was wrong lately. */
  readonly misses: number;
}

/** The prediction of a match. */
export interface Expectation {
  readonly token: number;
  /** The index of what is known of a match, its length and its misses: below `matchStates`. */
  readonly state: number;
  /** The rank of the match, from 0 to `ranks` - 1. */
  readonly rank: number;
}

/** The number of misses that make a difference. */
const mostKnown = 3;

/** The number of ranks of matches that were not wrong lately. */
const lengthRanks = 16;

/** The number of ranks of a match, by which mixers choose their weights: of its length, and of its misses. */
export const ranks = lengthRanks + mostKnown;

/** The number of states of a match: each pair of a bucket of lengths and a number of misses. */
export const matchStates = (mostKnown + 1) * (bucket(longest) + 1);

/** The tokens that were read, with an index of where each short context last occurred. */
export class MatchModel {
  #text = new Uint16Array(1024);
  #length = 0;
  /** The index of what last came after some tokens, by their hash. */
  #index: Int32Array;
  #bits: number;

  /** @param expected the number of tokens that will be read at first */
  constructor(expected = 0) {
    this.#bits = bitsFor(expected);
    this.#index = new Int32Array(1 << this.#bits);
  }

  /** The bytes of the tokens that were read, and of their index. */
  get memoryBytes(): number {
    return this.#text.byteLength + this.#index.byteLength;
  }

  /** Returns the match after one more token. `after` is the context that ends with that token. */
  follow(match: Match | null, after: NgramContext): Match | null {
    const further = match && match.at + 1 < this.#length ? this.#further(match, after.recent[0]) : null;
    if (further && (further.misses === 0 || further.length >= shortest)) return further;
    if (after.recent.length < shortest) return further;
    const at = this.#index[this.#slot(after.recent)];
    const length = at < this.#length ? this.#agreement(at, after.recent) : 0;
    return length < shortest ? further : { at, length, misses: 0 };
  }

  #further({ at, length, misses }: Match, token: number): Match | null {
    if (this.#text[at] !== token)
      return misses < mostMisses ? { at: at + 1, length: 0, misses: misses + 1 } : null;
    const longer = Math.min(longest, length + 1);
    return { at: at + 1, length: longer, misses: longer > recovered ? 0 : misses };
  }

  /** Returns what a match predicts; null where there is no match. */
  expect(match: Match | null): Expectation | null {
    if (!match) return null;
    const of = bucket(match.length);
    const misses = Math.min(mostKnown, match.misses);
    return {
      token: this.#text[match.at],
      state: (mostKnown + 1) * of + misses,
      rank: misses > 0 ? lengthRanks - 1 + misses : Math.min(lengthRanks - 1, of >> 1),
    };
  }

  /** Learns the token that came after the context `before`. */
  learn(before: NgramContext, token: number): void {
    // If the reading continues elsewhere, the context is stored too; otherwise no later match could extend
    // into it.
    if (this.#agreement(this.#length, before.recent) < before.recent.length)
      for (const each of before.recent.toReversed()) this.#append(each);
    if (bitsFor(this.#length) > this.#bits) this.#growIndex();
    if (before.recent.length >= shortest) this.#index[this.#slot(before.recent)] = this.#length;
    this.#append(token);
  }

  #growIndex(): void {
    this.#bits++;
    this.#index = new Int32Array(1 << this.#bits);
    for (let at = shortest; at < this.#length; at++) {
      const before = this.#text.subarray(at - shortest, at).toReversed();
      this.#index[this.#slot(before)] = at;
    }
  }

  #append(token: number): void {
    if (this.#length === this.#text.length) {
      const text = new Uint16Array(2 * this.#text.length);
      text.set(this.#text);
      this.#text = text;
    }
    this.#text[this.#length++] = token;
  }

  /** @param recent the tokens before, newest first */
  #slot(recent: Uint16Array): number {
    let slot = 0;
    for (let back = 0; back < shortest; back++) slot = extendHash(slot, recent[back]);
    return slot >>> (32 - this.#bits);
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
