// The longest earlier text that ends as the text before the cursor does, and what came next there: a pointer into
// all that was read, as in PAQ's match model (Mahoney 2005) and in pointer networks (Merity et al. 2016).
import { hash, type NgramContext } from './ngramContexts.ts';

/** Shorter agreement than this is the memory's to know. */
const shortest = 6;

/** Agreement is measured up to this. */
const longest = 400;

/** Slots of the index from the last tokens to where they stood last. */
const indexBits = 20;

/** How often predictions after an agreement of some length came true: at so many, the old ones weigh half. */
const maximumTries = 255;

export interface Match {
  /** Index, in what was read, of the token that is expected next. */
  readonly at: number;
  /** Tokens that agree before it. */
  readonly length: number;
}

export interface Expectation {
  readonly token: number;
  /** log(p / (1 - p)) that it comes, by how matches of this length have fared. */
  readonly evidence: number;
  /** 0 … `ranks` - 1, by length. */
  readonly rank: number;
}

export const ranks = 16;

export class MatchModel {
  #text = new Uint16Array(1024);
  #length = 0;
  /** By hash of the last tokens: the index of what came after them. */
  readonly #index = new Int32Array(1 << indexBits);
  readonly #hits = new Float64Array(bucket(longest) + 1);
  readonly #tries = new Float64Array(bucket(longest) + 1);

  /** Where `match` and one more token lead; `after` is the context with that token. */
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
      // Half a hit and half a miss beforehand (Krichevsky & Trofimov 1981): nothing is ever certain.
      evidence: Math.log((this.#hits[of] + 0.5) / (this.#tries[of] - this.#hits[of] + 0.5)),
      rank: Math.min(ranks - 1, of < 12 ? of >> 1 : 6 + ((of - 12) >> 2)),
    };
  }

  /** Reads the token that came where `before` and `match` were held. */
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
    // Elsewhere than before: without what stands there, nothing that follows would seem to agree.
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

  /** Tokens before `at` that are the recent ones, newest first. */
  #agreement(at: number, recent: Uint16Array): number {
    let length = 0;
    while (length < recent.length && length < at && this.#text[at - 1 - length] === recent[length]) length++;
    return length;
  }
}

/** Lengths that are told apart: each, then every fourth, then every eighth. */
function bucket(length: number): number {
  if (length < 16) return length;
  return length < 32 ? 16 + ((length - 16) >> 2) : 20 + Math.min(11, (length - 32) >> 3);
}
