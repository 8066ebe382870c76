// What stands before the cursor → the numbers that the memory knows it by.
import type { Vocabulary } from '../../data/text/vocabulary.ts';

/** Lengths, in tokens, of the contexts that are counted. */
export const orders = [0, 1, 2, 3, 4, 5, 6, 8] as const;

/** Tokens before the cursor that a context knows one by one. */
export const reach = 20;

/** The beginning of a word, alone and after the word before it: both are contexts too. */
export const wordKinds = 2;

/** One is made for every character that is read. A class: V8 takes literals that are made so often for old ones. */
export class NgramContext {
  /** Newest first, at most `reach`. */
  readonly recent: Uint16Array;
  /** Hash of the word so far; 0 between words. */
  readonly word: number;
  /** Hash of the word before it, with the marks between the two. */
  readonly lastWord: number;

  constructor(recent: Uint16Array, word: number, lastWord: number) {
    this.recent = recent;
    this.word = word;
    this.lastWord = lastWord;
  }
}

export const beginning = new NgramContext(new Uint16Array(), 0, 0);

export class Keys {
  /** By `orders`; fewer where less than that stands before. */
  readonly orders: Int32Array;
  /** [wordKinds] */
  readonly words: Int32Array;

  constructor(orders: Int32Array, words: Int32Array) {
    this.orders = orders;
    this.words = words;
  }
}

export class NgramContexts {
  readonly #inWord: readonly boolean[];
  readonly #space: number;

  constructor({ characters }: Pick<Vocabulary, 'characters'>) {
    this.#inWord = characters.map((character) => /^[\p{L}\p{N}_]/u.test(character));
    this.#space = characters.indexOf(' ');
  }

  follow({ recent, word, lastWord }: NgramContext, token: number): NgramContext {
    const now = new Uint16Array(Math.min(reach, recent.length + 1));
    now[0] = token;
    for (let back = 1; back < now.length; back++) now[back] = recent[back - 1];
    if (this.#inWord[token]) return new NgramContext(now, hash(word, token), lastWord);
    const before = word === 0 ? lastWord : word;
    return new NgramContext(now, 0, token === this.#space ? before : hash(before, token));
  }

  keys({ recent, word, lastWord }: NgramContext): Keys {
    let known = 0;
    while (known < orders.length && orders[known] <= recent.length) known++;
    const keys = new Int32Array(known);
    for (let at = 0, order = 0, tokens = 0; at < known; tokens = hash(tokens, recent[order++]))
      if (order === orders[at]) keys[at++] = hash(tokens, 0x10000 + order);
    const words = new Int32Array(wordKinds);
    words[0] = hash(word, 0x20000);
    words[1] = hash(hash(word, lastWord), 0x30000);
    return new Keys(keys, words);
  }
}

/** Of the tokens so far and one more. The multiplier is MurmurHash3's (Appleby 2011). */
export function hash(before: number, token: number): number {
  const mixed = Math.imul(before ^ (token + 1), 0x85ebca6b);
  return mixed ^ (mixed >>> 13);
}
