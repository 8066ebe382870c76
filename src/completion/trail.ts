// A model's positions along a text, so that only what has changed is read again.

/** What reads: a position before the text, and where a token leads from a position. */
export interface Reader<Position> {
  begin(): Position;
  read(position: Position, token: number): Position;
  /** That `after` has come of `before`. @returns the probability that it had */
  learn(before: Position, after: Position): number;
}

/** Called between tokens: may wait, and throws when the answer is no longer wanted. */
export type Pause = () => Promise<void>;

/** What grows by more than this at once was there before; what grows by less was typed, accepted or pasted. */
const longestTyped = 256;

/** One text, read from `offset` on. */
export class Trail<Position> {
  /** Characters that were learned from, and how many bits they took. */
  readonly surprise = { characters: 0, bits: 0 };
  readonly #reader: Reader<Position>;
  readonly #token: (character: string) => number;
  #offset = 0;
  #characters: string[] = [];
  /** After each of the characters. */
  #positions: Position[] = [];
  /** The last reading came to its end. */
  #whole = true;

  constructor(reader: Reader<Position>, token: (character: string) => number) {
    this.#reader = reader;
    this.#token = token;
  }

  /**
   * Reads `text`, which begins at `offset` of the document; what was read before and is the same is not read
   * again, and reading that began further up in the document counts as context.
   * @param learn whether to learn what was typed
   */
  async read(offset: number, text: string, learn: boolean, pause: Pause): Promise<Position> {
    const characters = [...text];
    const kept = this.#keep(offset, characters);
    const typed =
      learn && this.#whole && (kept > 0 || offset === 0) && characters.length - kept <= longestTyped;
    this.#whole = false;
    for (const character of characters.slice(kept)) {
      await pause();
      this.#append(character, typed);
    }
    this.#whole = true;
    return this.#positions.at(-1) ?? this.#reader.begin();
  }

  /** The last characters before the cursor, `length` of them at most. */
  last(length: number): string {
    return this.#characters.slice(-length).join('');
  }

  /** Drops what is no longer true. @returns how many of `characters` are known already */
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
    const before = this.#positions.at(-1) ?? this.#reader.begin();
    const after = this.#reader.read(before, this.#token(character));
    if (typed) {
      this.surprise.bits -= Math.log2(this.#reader.learn(before, after));
      this.surprise.characters++;
    }
    this.#positions.push(after);
    this.#characters.push(character);
  }
}
