// Turns the text before the cursor into the hashes by which the n-gram counts know it.
import type { Vocabulary } from '../../data/text/vocabulary.ts';
import { extendHash } from './hash.ts';
import { type Line, LineContexts, noLine } from './lineContexts.ts';

/** The lengths of the counted contexts, in tokens. */
export const orders = [1, 2, 3, 4, 5, 6, 8] as const;

/** The number of tokens before the cursor that a context stores. */
export const reach = 24;

/** The number of other contexts, see `keys`. */
const otherKinds = 11;

/** The number of contexts of a position. */
export const contextKinds = orders.length + otherKinds;

/** The number of tokens before the cursor of which only the kind counts. */
const kindsBack = 8;

/**
 * The context of a position; one is made for every character that is read. It is a class because V8 takes
 * object literals that are made so often for long-lived ones.
 */
export class NgramContext {
  /** The last tokens, newest first, at most `reach`. */
  readonly recent: Uint16Array;
  /** The hash of the word so far; 0 between words. */
  readonly word: number;
  /** The hashes of the two words before it. */
  readonly lastWord: number;
  readonly wordBefore: number;
  /** The line so far, and the one above. */
  readonly line: Line;

  constructor(recent: Uint16Array, word: number, lastWord: number, wordBefore: number, line: Line) {
    this.recent = recent;
    this.word = word;
    this.lastWord = lastWord;
    this.wordBefore = wordBefore;
    this.line = line;
  }
}

/** The context before the first token. */
export const beginning = new NgramContext(new Uint16Array(), 0, 0, 0, noLine);

/** Follows the context of a position, token by token. */
export class NgramContexts {
  readonly #inWord: readonly boolean[];
  readonly #lowerCase: Uint16Array;
  /** The kind of each token: a digit, a capital, another letter, or the token itself. */
  readonly #kinds: Uint16Array;
  readonly #isDigit: readonly boolean[];
  readonly #lines: LineContexts;

  constructor({ characters }: Pick<Vocabulary, 'characters'>) {
    const tokens = new Map(characters.map((character, token) => [character, token]));
    this.#inWord = characters.map((character) => /^[\p{L}\p{N}_]/u.test(character));
    this.#isDigit = characters.map((character) => /^\p{N}/u.test(character));
    this.#lowerCase = Uint16Array.from(
      characters,
      (character, token) => tokens.get(character.toLowerCase()) ?? token,
    );
    this.#kinds = Uint16Array.from(characters, (character, token) =>
      this.#isDigit[token] ? 0 : /^\p{Lu}/u.test(character) ? 1 : this.#inWord[token] ? 2 : 3 + token,
    );
    this.#lines = new LineContexts(characters);
  }

  /** Returns the context after one more token. */
  follow({ recent, word, lastWord, wordBefore, line }: NgramContext, token: number): NgramContext {
    const now = new Uint16Array(Math.min(reach, recent.length + 1));
    now[0] = token;
    for (let back = 1; back < now.length; back++) now[back] = recent[back - 1];
    const inWord = this.#inWord[token];
    const further = this.#lines.follow(line, token, inWord ? 0 : word);
    if (inWord)
      return new NgramContext(now, extendHash(word, this.#lowerCase[token]), lastWord, wordBefore, further);
    return word === 0
      ? new NgramContext(now, 0, lastWord, wordBefore, further)
      : new NgramContext(now, 0, word, lastWord, further);
  }

  /** Writes the hash of each kind of context, [contextKinds]; 0 where there is none near the beginning of a text. */
  keys({ recent, word, lastWord, wordBefore, line }: NgramContext, keys: Int32Array): void {
    // How one text began says little of how another does.
    if (recent.length === 0) {
      keys.fill(0);
      return;
    }
    let order = 0;
    let tokens = 0;
    for (let at = 0; at < orders.length; at++) {
      for (; order < orders[at] && order < recent.length; order++) tokens = extendHash(tokens, recent[order]);
      keys[at] = order === orders[at] ? extendHash(tokens, 0x10000 + order) : 0;
    }
    const newest = recent[0];
    const between = word === 0 ? newest : 0;
    const sofar = extendHash(word, newest);
    let at = orders.length;
    // The beginning of the word: alone, and together with either of the two words before it.
    keys[at++] = extendHash(word, 0x20000 + between);
    keys[at++] = extendHash(extendHash(word, lastWord), 0x30000 + between);
    keys[at++] = extendHash(extendHash(word, wordBefore), 0x40000 + between);
    // The line above at this column and in this field, the field so far, and the first word of the line.
    keys[at++] = extendHash(extendHash(this.#lines.above(line), newest), 0x50000);
    keys[at++] = extendHash(extendHash(this.#lines.aboveInField(line), newest), 0x50001);
    keys[at++] = extendHash(extendHash(line.field, line.fieldHash), 0x50002);
    keys[at++] = extendHash(extendHash(line.firstWord, sofar), 0x50003);
    // This context skips the newest token.
    keys[at++] = recent.length > 2 ? extendHash(extendHash(recent[1], recent[2]), 0x50004) : 0;
    keys[at++] = this.#lines.counting(line);
    keys[at++] = this.#kindsBefore(recent);
    keys[at] = this.#withoutDigits(recent);
  }

  /** Returns the hash of what kinds of tokens stand before. */
  #kindsBefore(recent: Uint16Array): number {
    let kinds = 0x60000;
    for (let back = 0; back < kindsBack && back < recent.length; back++)
      kinds = extendHash(kinds, this.#kinds[recent[back]]);
    return kinds;
  }

  /** Returns the hash of what stands before, with one sign for each number but the length of the one at the cursor. */
  #withoutDigits(recent: Uint16Array): number {
    let sum = 0x60001;
    let digits = 0;
    while (digits < recent.length && this.#isDigit[recent[digits]]) digits++;
    for (let back = digits, count = 0; back < recent.length && count < 12; count++) {
      sum = extendHash(sum, this.#isDigit[recent[back]] ? 0xffff : recent[back]);
      const isNumber = this.#isDigit[recent[back]];
      do back++;
      while (isNumber && back < recent.length && this.#isDigit[recent[back]]);
    }
    return extendHash(sum, digits);
  }
}
