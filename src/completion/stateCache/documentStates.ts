// Caches a model's positions along a document, so that only what has changed is read again.

/** A model that can be read token by token, from a position before the text. */
export interface IncrementalModel<Position> {
  begin(): Position;
  read(position: Position, token: number): Position;
  /** Learns the token that leads from `before` to `after`. @returns the probability that it had */
  learn(before: Position, after: Position): number;
}

/** A function that is called between tokens. It may wait, and throws when the answer is no longer wanted. */
export type Pause = () => Promise<void>;

/** The cached positions of one document, read from `offset` on. */
export class DocumentStates<Position> {
  /** The number of characters that were learned, and the bits that they took. */
  readonly surprise = { characters: 0, bits: 0 };
  readonly #model: IncrementalModel<Position>;
  readonly #token: (character: string) => number;
  #offset = 0;
  #characters: string[] = [];
  /** The position after each of the characters. */
  #positions: Position[] = [];

  constructor(model: IncrementalModel<Position>, token: (character: string) => number) {
    this.#model = model;
    this.#token = token;
  }

  /**
   * Reads `text`, which begins at `offset` of the document. What was read before and has not changed is not
   * read again, and a reading that began earlier in the document counts as context.
   * @param typed the number of characters at its end that are to be learned, unless they were read before
   */
  async read(offset: number, text: string, typed: number, pause: Pause): Promise<Position> {
    const characters = [...text];
    // If only the second half of a character was typed, the whole character counts as typed: the network
    // reads no halves.
    const there = [...text.slice(0, text.length - typed)].length;
    for (let at = this.#keep(offset, characters); at < characters.length; at++) {
      await pause();
      this.#append(characters[at], at >= there);
    }
    return this.#positions.at(-1) ?? this.#model.begin();
  }

  /** The number of positions that are cached. */
  get length(): number {
    return this.#positions.length;
  }

  /** Returns the last characters before the cursor, at most `length`. */
  last(length: number): string {
    return this.#characters.slice(-length).join('');
  }

  /** Drops the positions that no longer hold. @returns how many of `characters` are cached already */
  #keep(offset: number, characters: readonly string[]): number {
    let skip = 0;
    for (let length = offset - this.#offset; length > 0 && skip < this.#characters.length; skip++)
      length -= this.#characters[skip].length;
    let same = 0;
    while (same < characters.length && this.#characters[skip + same] === characters[same]) same++;
    if (offset < this.#offset || same === 0) {
      this.#offset = offset;
      skip = 0;
      same = 0;
    }
    // A long session must not keep the states of everything that was ever typed.
    const forget = same === 0 ? 0 : skip;
    this.#characters = this.#characters.slice(forget, skip + same);
    this.#positions = this.#positions.slice(forget, skip + same);
    if (forget > 0) this.#offset = offset;
    return same;
  }

  #append(character: string, typed: boolean): void {
    const before = this.#positions.at(-1) ?? this.#model.begin();
    const after = this.#model.read(before, this.#token(character));
    if (typed) {
      this.surprise.bits -= Math.log2(this.#model.learn(before, after));
      this.surprise.characters++;
    }
    this.#positions.push(after);
    this.#characters.push(character);
  }
}
