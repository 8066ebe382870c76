// The tokens of a word at one step of a tagger: the word itself, and what is known of its characters. Their embeddings
// are summed, as those of character n-grams are by Bojanowski et al. (2017). Which ones there are follows the features
// of Ratnaparkhi (1996) and of Collobert et al. (2011): the word without capitals, its prefixes and suffixes, and the
// shape of its characters.

/** The lengths of prefixes and suffixes, in characters. */
const prefixLengths = [1, 2, 3];
const suffixLengths = [1, 2, 3, 4, 5];

/** The number of features of a word. */
export const featureCount = 3 + prefixLengths.length + suffixLengths.length;

/** The token of a word that is not known. */
export const unknownWord = 0;

/** A feature has a token where so many words of the text have it; others are too rare to learn anything of. */
const leastCount = 2;

/** The most features that are kept. */
export const mostFeatures = 60_000;

/** Returns a word's features, the word itself first. One that the word is too short for is the empty string. */
function featuresOf(word: string): string[] {
  const plain = [...word.toLowerCase().replace(/\p{Nd}/gu, '0')];
  const part = (letter: string, characters: readonly string[], length: number) =>
    length < plain.length ? `${letter}${characters.join('')}` : '';
  return [
    `w${word}`,
    `l${plain.join('')}`,
    `c${shapeOf(word)}`,
    ...prefixLengths.map((length) => part('p', plain.slice(0, length), length)),
    ...suffixLengths.map((length) => part('s', plain.slice(-length), length)),
  ];
}

/** Returns a word's shape: `Xx-x` of `Term-end`, `0,0` of `1,204`. */
const shapeOf = (word: string): string =>
  Array.from(word, (character) => {
    if (/\p{Lu}/u.test(character)) return 'X';
    if (/[\p{L}\p{M}]/u.test(character)) return 'x';
    return /\p{Nd}/u.test(character) ? '0' : character;
  })
    .join('')
    .replace(/(.)\1+/gu, '$1');

export class WordFeatures {
  /** The features by their tokens; that of the unknown word is the empty string. */
  readonly names: readonly string[];
  readonly #tokens: ReadonlyMap<string, number>;
  readonly #remembered = new Map<string, Int32Array>();

  constructor(names: readonly string[]) {
    this.names = names;
    this.#tokens = new Map(names.map((name, token) => [name, token]));
  }

  /** Learns which features words have, the most frequent first. */
  static learn(words: Iterable<string>): WordFeatures {
    const counts = new Map<string, number>();
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
    const features = new Map<string, number>();
    for (const [word, count] of counts)
      for (const feature of featuresOf(word)) features.set(feature, (features.get(feature) ?? 0) + count);
    features.delete('');
    const ranked = [...features]
      .filter(([, count]) => count >= leastCount)
      .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
      .map(([name]) => name);
    return new WordFeatures(['', ...ranked.slice(0, mostFeatures - 1)]);
  }

  get size(): number {
    return this.names.length;
  }

  /** Returns the tokens of a word, [featureCount]: the first is the word's, and -1 stands for a feature without one. */
  encode(word: string): Int32Array {
    const known = this.#remembered.get(word);
    if (known) return known;
    const tokens = Int32Array.from(featuresOf(word), (name, index) =>
      name === '' ? -1 : (this.#tokens.get(name) ?? (index === 0 ? unknownWord : -1)),
    );
    if (this.#remembered.size < mostFeatures) this.#remembered.set(word, tokens);
    return tokens;
  }
}
