// Converts between text and tokens. A token is a Unicode character (a code point), so that a suggestion never
// ends in the middle of an emoji. Characters that are too rare for a row of their own share the token `rare`.
import { CharacterCounts } from './characterCounts.ts';
import { codePointAt, isSurrogate } from './surrogates.ts';

/** The token that stands for every character without a token of its own. */
export const rare = 0;

/**
 * The largest number of tokens. More rows would cost time in every step and are seen too seldom to learn
 * anything.
 */
const maximumSize = 1024;

/** The characters that have tokens of their own. Tokens are indices from 0 on. */
export class Vocabulary {
  /** The character of each token; the entry of `rare` is empty. */
  readonly characters: readonly string[];
  /** The number of different characters that `rare` stands for, which share its probability. */
  readonly rareKinds: number;
  readonly #tokens: ReadonlyMap<string, number>;
  /** The tokens of the characters of one UTF-16 unit, by that, as far as there are any; made when they are needed. */
  #ofUnits: Int32Array | null = null;

  constructor(characters: readonly string[], rareKinds: number) {
    this.characters = characters;
    this.rareKinds = rareKinds;
    this.#tokens = new Map(characters.map((character, token) => [character, token]));
  }

  /**
   * Makes a vocabulary of the most frequent characters of `text`, most frequent first; `rare` stands for at
   * least one.
   */
  static of(text: string): Vocabulary {
    const counts = new CharacterCounts();
    counts.add(text);
    return Vocabulary.ofCounts(counts);
  }

  /** Makes the vocabulary of a text from the counts of its characters. */
  static ofCounts(counts: Iterable<readonly [character: string, count: number]>): Vocabulary {
    const ranked = [...counts]
      .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
      .map(([character]) => character);
    const kept = ranked.slice(0, maximumSize - 1);
    return new Vocabulary(['', ...kept], Math.max(1, ranked.length - kept.length));
  }

  get size(): number {
    return this.characters.length;
  }

  /** Returns the token of a character; `rare` where it has none of its own. */
  token(character: string): number {
    return this.#tokens.get(character) ?? rare;
  }

  /** Returns the token of each character of a text. */
  encode(text: string): Int32Array {
    const tokens = new Int32Array(text.length);
    const length = this.encodeInto(text, tokens);
    return length === tokens.length ? tokens : tokens.slice(0, length);
  }

  /** Encodes a text into an array that has room for as many tokens as the text has UTF-16 units. @returns their number */
  encodeInto(text: string, tokens: Int32Array): number {
    this.#ofUnits ??= this.#tokensOfUnits();
    const ofUnits = this.#ofUnits;
    let length = 0;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      const point = isSurrogate(unit) ? codePointAt(text, at) : unit;
      if (point > 0xffff) at++;
      tokens[length++] =
        point > 0xffff
          ? this.token(String.fromCodePoint(point))
          : unit < ofUnits.length
            ? ofUnits[unit]
            : rare;
    }
    return length;
  }

  #tokensOfUnits(): Int32Array {
    const single = this.characters.filter(({ length }) => length === 1);
    const most = single.reduce((most, character) => Math.max(most, character.charCodeAt(0)), -1);
    const tokens = new Int32Array(most + 1).fill(rare);
    for (const character of single) tokens[character.charCodeAt(0)] = this.token(character);
    return tokens;
  }
}
