// Caches a model's positions along a document, so that only what has changed is read again. A slow network reads only the end
// of a long text at once, and the rest when there is time.
import { codePointAt } from '../../data/text/surrogates.ts';
import { ReadingPace } from './readingPace.ts';

/** A model that can be read token by token, from a position before the text. */
export interface IncrementalModel<Position> {
  begin(): Position;
  read(position: Position, token: number): Position;
  /** Returns the position after a token that the network does not read: it begins behind it. */
  skip(position: Position, token: number): Position;
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
  /** The number of positions, from the first on, before which the network has read everything. */
  #whole = 0;
  readonly #pace: ReadingPace;

  /** @param now returns the time in milliseconds; where it stands still, everything is read at once */
  constructor(
    model: IncrementalModel<Position>,
    token: (character: string) => number,
    now: () => number = () => 0,
  ) {
    this.#model = model;
    this.#token = token;
    this.#pace = new ReadingPace(now);
  }

  /**
   * Reads `text`, which begins at `offset` of the document. What was read before and has not changed is not
   * read again, and a reading that began earlier in the document counts as context. Of a long text that has not been read
   * a slow network reads the end; `catchUp` has it read all of it.
   * @param typed the number of UTF-16 units at its end that the network learns, unless they were read before
   */
  async read(offset: number, text: string, typed: number, pause: Pause): Promise<Position> {
    const characters = [...text];
    // If only the second half of a character was typed, the whole character counts as typed: the network
    // reads no halves.
    const end = Math.max(0, text.length - typed);
    const isHalfTyped = codePointAt(text, end - 1) > 0xffff;
    const there = [...text.slice(0, end)].length - (isHalfTyped ? 1 : 0);
    for (let at = this.#keep(offset, characters); at < characters.length; at++) {
      await pause();
      const isRead = characters.length - at <= this.#pace.affordable;
      this.#append(characters[at], at >= there, isRead);
    }
    return this.#positions.at(-1) ?? this.#model.begin();
  }

  /** Whether the network has not read all that stands before some position. */
  get isBehind(): boolean {
    return this.#whole < this.#positions.length;
  }

  /** Lets the network read what it has left out. Yields after every character; the document may change in between. */
  *catchUp(): Generator<void> {
    while (this.isBehind) {
      const at = this.#whole++;
      const before = at > 0 ? this.#positions[at - 1] : this.#model.begin();
      this.#positions[at] = this.#model.read(before, this.#token(this.#characters[at]));
      yield;
    }
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
    this.#whole = Math.max(0, Math.min(this.#whole - forget, this.#positions.length));
    if (forget > 0) this.#offset = offset;
    return same;
  }

  #append(character: string, typed: boolean, isRead: boolean): void {
    const before = this.#positions.at(-1) ?? this.#model.begin();
    const token = this.#token(character);
    const after = isRead
      ? this.#pace.timed(() => this.#model.read(before, token))
      : this.#model.skip(before, token);
    if (isRead && !this.isBehind) this.#whole++;
    if (typed) {
      this.surprise.bits -= Math.log2(this.#model.learn(before, after));
      this.surprise.characters++;
    }
    this.#positions.push(after);
    this.#characters.push(character);
  }
}
