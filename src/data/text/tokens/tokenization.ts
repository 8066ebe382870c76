/** The kind of the tokens that a network reads. */
export type TokenKind = 'characters' | 'words' | 'pieces';

/** A way to split a text into tokens of one kind. */
export interface Tokenization {
  /**
   * Matches the units, each of which is tokenized by itself. The matches make up the whole text, and none
   * goes beyond the end of a line.
   */
  readonly units: RegExp;
  /**
   * Returns at most `most` symbols that are worth having for the units of a text, each at least two
   * characters long.
   */
  learn(units: ReadonlyMap<string, number>, most: number): string[];
  /**
   * Returns the parts of a unit, which are symbols or characters. `rank` is a symbol's place among the
   * learned ones.
   */
  parts(unit: string, rank: ReadonlyMap<string, number>): readonly string[];
}
