// Converts between text and the tokens that the network reads. The first tokens are the characters of the
// alphabet, in its order; the longer symbols of the kind follow. Text without a symbol of its own is spelt in
// characters, so that every text has tokens.
import { rare, type Vocabulary } from '../vocabulary.ts';
import { pieces } from './bytePairEncoding.ts';
import type { Tokenization, TokenKind } from './tokenization.ts';
import { countUnits } from './unitCounts.ts';
import { words } from './words.ts';

const kinds: Readonly<Record<TokenKind, Tokenization>> = {
  characters: { units: /./gsu, learn: () => [], parts: (unit) => [unit] },
  words,
  pieces,
};

/**
 * The number of characters of the text that there must be for each longer symbol, and the greatest number of
 * these. More symbols would cost time in every step and are seen too seldom to learn anything.
 */
const charactersPerSymbol = 2000;
const mostSymbols = 1000;

/** The length of the text's end from which symbols are learned; more would cost time and change little. */
export const learnedFrom = 2_000_000;

/**
 * The most characters of different units from which symbols are learned, which bounds the time whatever the text is. Two
 * million characters of source or prose have 100,000 to 155,000; those of base64 would have 1.5 million.
 */
const mostUnitCharacters = 250_000;

/**
 * The most UTF-16 units that decide where a unit ends: 64 characters of two units each, a space before and a character
 * after.
 */
const longestUnit = 132;

/** The number of units whose tokens are cached. */
const maximumRemembered = 50_000;

/** Splits texts into tokens of one kind: the characters of an alphabet, and longer symbols. */
export class Tokenizer {
  readonly kind: TokenKind;
  readonly alphabet: Vocabulary;
  /** The text of each token; that of `rare` is empty. */
  readonly symbols: readonly string[];
  readonly #rank: ReadonlyMap<string, number>;
  readonly #remembered = new Map<string, readonly number[]>();

  /** @param longer the symbols after those of the alphabet, as `learn` has ordered them */
  constructor(kind: TokenKind, alphabet: Vocabulary, longer: readonly string[]) {
    this.kind = kind;
    this.alphabet = alphabet;
    this.symbols = [...alphabet.characters, ...longer];
    this.#rank = new Map(longer.map((symbol, rank) => [symbol, rank]));
  }

  /**
   * Learns the symbols of a text.
   * @param text the text, or its last `learnedFrom` characters
   * @param length the length of the text
   */
  static learn(kind: TokenKind, alphabet: Vocabulary, text: string, length = text.length): Tokenizer {
    if (kind === 'characters') return new Tokenizer(kind, alphabet, []);
    const counts = countUnits(text.slice(-learnedFrom), kinds[kind].units, mostUnitCharacters);
    const most = Math.min(mostSymbols, Math.floor(length / charactersPerSymbol));
    return new Tokenizer(kind, alphabet, kinds[kind].learn(counts, most));
  }

  get size(): number {
    return this.symbols.length;
  }

  /** The symbols that are not in the alphabet. */
  get longer(): readonly string[] {
    return this.symbols.slice(this.alphabet.size);
  }

  encode(text: string): Int32Array {
    const tokens = new Int32Array(text.length);
    const { length } = this.#encodeUntil(text, text.length, tokens);
    return length === tokens.length ? tokens : tokens.slice(0, length);
  }

  /**
   * Encodes a text that comes in blocks of whole characters, and yields its tokens in as many blocks and one. What is
   * yielded lasts until the next block is asked for.
   */
  *encodeBlocks(blocks: Iterable<string>): Generator<Int32Array> {
    let rest = '';
    let tokens = new Int32Array();
    for (const block of blocks) {
      const text = rest + block;
      if (text.length > tokens.length) tokens = new Int32Array(2 * text.length);
      const { length, end } = this.#encodeUntil(text, text.length - longestUnit, tokens);
      yield tokens.subarray(0, length);
      rest = text.slice(end);
    }
    yield this.encode(rest);
  }

  /**
   * Encodes the units that begin before an index.
   * @param tokens the array for the tokens, with room for as many as the text has UTF-16 units
   * @returns the number of tokens, and the index at which the last unit ends
   */
  #encodeUntil(
    text: string,
    until: number,
    tokens: Int32Array,
  ): { readonly length: number; readonly end: number } {
    if (this.kind === 'characters')
      return { length: this.alphabet.encodeInto(text, tokens), end: text.length };
    let length = 0;
    let end = 0;
    for (const { 0: unit, index } of text.matchAll(kinds[this.kind].units)) {
      if (index >= until) break;
      for (const token of this.#encodeUnit(unit)) tokens[length++] = token;
      end = index + unit.length;
    }
    return { length, end };
  }

  /** Returns the text of the tokens, in which U+FFFD stands for `rare`. */
  decode(tokens: Iterable<number>): string {
    return Array.from(tokens, (token) => (token === rare ? '\uFFFD' : this.symbols[token])).join('');
  }

  /** Returns the number of characters of each token, [V]. */
  lengths(): Int32Array {
    return Int32Array.from(this.symbols, (symbol) => [...symbol].length || 1);
  }

  #encodeUnit(unit: string): readonly number[] {
    const known = this.#remembered.get(unit);
    if (known) return known;
    const tokens = kinds[this.kind].parts(unit, this.#rank).map((part) => {
      const rank = this.#rank.get(part);
      return rank === undefined ? this.alphabet.token(part) : this.alphabet.size + rank;
    });
    if (this.#remembered.size < maximumRemembered) this.#remembered.set(unit, tokens);
    return tokens;
  }
}
