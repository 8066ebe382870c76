/** What a token may be. */
export type TokenKind = 'characters' | 'words' | 'pieces';

/** How a text is split into tokens of one kind. */
export interface Tokenization {
  /** What is tokenized by itself; matches, one after the other, are the whole text. No match goes over a line's end. */
  readonly units: RegExp;
  /** The symbols worth having for the units of a text, each at least two characters long; at most `most`. */
  learn(units: ReadonlyMap<string, number>, most: number): string[];
  /** The parts of a unit: symbols or characters. `rank` is a symbol's place among those that were learned. */
  parts(unit: string, rank: ReadonlyMap<string, number>): readonly string[];
}
