// Converts between text and tokens. A token is a Unicode character (a code point), so that a suggestion never
// ends in the middle of an emoji. Characters that are too rare for a row of their own share the token `rare`.

/** The token that stands for every character without a token of its own. */
export const rare = 0;

/**
 * The largest number of tokens. More rows would cost time in every step and are seen too seldom to learn
 * anything.
 */
const maximumSize = 1024;

export class Vocabulary {
  /** The character of each token; the entry of `rare` is empty. */
  readonly characters: readonly string[];
  /** The number of different characters that `rare` stands for, which share its probability. */
  readonly rareKinds: number;
  readonly #tokens: ReadonlyMap<string, number>;

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
    const counts = new Map<string, number>();
    for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
    const ranked = [...counts]
      .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
      .map(([character]) => character);
    const kept = ranked.slice(0, maximumSize - 1);
    return new Vocabulary(['', ...kept], Math.max(1, ranked.length - kept.length));
  }

  get size(): number {
    return this.characters.length;
  }

  token(character: string): number {
    return this.#tokens.get(character) ?? rare;
  }

  encode(text: string): Int32Array {
    const tokens = new Int32Array(text.length);
    let length = 0;
    for (const character of text) tokens[length++] = this.token(character);
    return tokens.slice(0, length);
  }
}
