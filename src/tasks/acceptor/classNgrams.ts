// An n-gram language model of characters for each class of a table. By Bayes' rule the classes are as likely as their
// models say of the row (Cavnar & Trenkle 1994; Peng & Schuurmans 2003).

import { extendHash } from '../../completion/ensemble/hash.ts';
import { NgramCounts } from '../../completion/ensemble/ngramCounts.ts';

/** The number of characters of the longest context. */
const longestContext = 5;

/** The characters that are counted in all, which bounds memory and the time that it takes to open a model. */
export const mostCounted = 1_000_000;

/** The characters that are read of a row. */
export const mostOfRow = 2000;

/** The number of contexts, which bounds memory to about 60 MB. */
const mostContexts = 2_000_000;

/** The most kinds of characters that are told apart, as tokens are counted in 16 bits. */
const mostKinds = 0xfff0;

/** The token in the contexts that stands for the beginning of a row. */
const beginning = 0x40000;

/** The token after a row's last character, and that of a character that was never counted. */
const end = 0;
const unseen = 1;

/** A row whose class is known. */
export interface RowOfClass {
  readonly text: string;
  readonly target: number;
}

export class ClassNgrams {
  readonly #classes: number;
  readonly #counts: NgramCounts;
  readonly #tokens = new Map<string, number>();
  /** The number of rows of each class. */
  readonly #rows: Float64Array;

  /**
   * Counts rows: all of them, or one in so many where they have more characters than are counted.
   * @param classes the number of classes
   */
  constructor(classes: number, rows: readonly RowOfClass[]) {
    this.#classes = classes;
    this.#rows = new Float64Array(classes);
    for (const { target } of rows) this.#rows[target]++;
    const characters = rows.reduce((sum, { text }) => sum + Math.min(text.length, mostOfRow), 0);
    const every = Math.ceil(characters / mostCounted);
    this.#counts = new NgramCounts(mostContexts, Math.min(characters, mostCounted));
    for (let row = 0; row < rows.length; row += every) this.#count(rows[row]);
  }

  /**
   * Returns the logarithm of the probability that each class's model gives to a text, [classes] in nats. Characters that
   * were never counted say nothing.
   */
  likelihoods(text: string): Float64Array {
    const tokens = this.#read(text, (character) => this.#tokens.get(character) ?? unseen);
    const found = new Float64Array(this.#classes);
    const blind = 1 / (this.#tokens.size + 1);
    const contexts: number[] = [];
    for (const [at, token] of tokens.entries()) {
      if (token === unseen) continue;
      contextsAt(tokens, at, contexts);
      for (let each = 0; each < this.#classes; each++) {
        let p = blind;
        for (const context of contexts) {
          const longer = this.#counts.probability(extendHash(context, each), token, p);
          // All contexts that are longer than an unknown one are unknown, too.
          if (longer === null) break;
          p = longer;
        }
        found[each] += Math.log(p);
      }
    }
    return found;
  }

  /** Returns the logarithm of the share of rows that each class has, where each has one more, [classes]. */
  priors(): Float64Array {
    const total = this.#rows.reduce((sum, rows) => sum + rows + 1, 0);
    return this.#rows.map((rows) => Math.log((rows + 1) / total));
  }

  #count({ text, target }: RowOfClass): void {
    const tokens = this.#read(text, (character) => this.#known(character));
    const contexts: number[] = [];
    for (const [at, token] of tokens.entries()) {
      if (token === unseen) continue;
      contextsAt(tokens, at, contexts);
      // Update exclusion, as in the n-gram model of texts.
      for (let order = contexts.length - 1; order >= 0; order--)
        if (this.#counts.count(extendHash(contexts[order], target), token)) break;
    }
  }

  /** Returns the token of a character, which it gets when it is first counted. */
  #known(character: string): number {
    const known = this.#tokens.get(character);
    if (known !== undefined || this.#tokens.size === mostKinds) return known ?? unseen;
    const token = unseen + 1 + this.#tokens.size;
    this.#tokens.set(character, token);
    return token;
  }

  #read(text: string, tokenOf: (character: string) => number): number[] {
    return [...Array.from(text.slice(0, mostOfRow), tokenOf), end];
  }
}

/** Writes the hashes of the contexts before a place, from none to the longest; a row's beginning is part of them. */
function contextsAt(tokens: readonly number[], at: number, contexts: number[]): void {
  contexts.length = 0;
  let context = 0;
  contexts.push(context);
  for (let back = 1; back <= longestContext && back <= at + 1; back++) {
    context = extendHash(context, back > at ? beginning : tokens[at - back]);
    contexts.push(extendHash(context, 0x10000 + back));
  }
}
