// Turns the text before the cursor into the hashes by which the n-gram counts know it.
import type { Vocabulary } from '../../data/text/vocabulary.ts';

/** The lengths of the counted contexts, in tokens. */
export const orders = [0, 1, 2, 3, 4, 5, 6, 8] as const;

/** The number of tokens before the cursor that a context stores. */
export const reach = 20;

/** The number of word contexts: the beginning of a word, alone and together with the word before it. */
export const wordKinds = 2;

/**
 * The context of a position; one is made for every character that is read. It is a class because V8 takes
 * object literals that are made so often for long-lived ones.
 */
export class NgramContext {
  /** The last tokens, newest first, at most `reach`. */
  readonly recent: Uint16Array;
  /** The hash of the word so far; 0 between words. */
  readonly word: number;
  /** The hash of the word before it, with the marks between the two. */
  readonly lastWord: number;

  constructor(recent: Uint16Array, word: number, lastWord: number) {
    this.recent = recent;
    this.word = word;
    this.lastWord = lastWord;
  }
}

export const beginning = new NgramContext(new Uint16Array(), 0, 0);

export class Keys {
  /** The hash for each of `orders`; there are fewer near the beginning of a text. */
  readonly orders: Int32Array;
  /** The hashes of the word contexts, [wordKinds]. */
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

/** Extends a hash by one token. The multiplier is MurmurHash3's (Appleby 2011). */
export function hash(before: number, token: number): number {
  const mixed = Math.imul(before ^ (token + 1), 0x85ebca6b);
  return mixed ^ (mixed >>> 13);
}
