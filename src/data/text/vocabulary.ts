// Text ↔ tokens. A token is a Unicode character (a code point), so that a suggestion never ends in the middle
// of an emoji. Characters that are too rare for a row of their own share the token `rare`.

/** Token of every character that has none of its own. */
export const rare = 0;

/** More rows cost time in every step and are seen too seldom to learn anything. */
const maximumSize = 1024;

export class Vocabulary {
  /** By token; the entry of `rare` is empty. */
  readonly characters: readonly string[];
  /** How many different characters `rare` stands for: its probability is shared among them. */
  readonly rareKinds: number;
  readonly #tokens: ReadonlyMap<string, number>;

  constructor(characters: readonly string[], rareKinds: number) {
    this.characters = characters;
    this.rareKinds = rareKinds;
    this.#tokens = new Map(characters.map((character, token) => [character, token]));
  }

  /** The most frequent characters of `text`, commonest first, and at least one left over as `rare`. */
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
