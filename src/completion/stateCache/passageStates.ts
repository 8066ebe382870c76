// A stretch of text, read token by token, with what was seen at each: after an edit, only what follows it is read
// again.
import type { Pause } from './documentStates.ts';

/** Tokens between two positions that are kept: a position is many times larger than what is seen at it. */
const stride = 32;

export interface PassageReading<Position, Seen> {
  begin(): Position;
  read(position: Position, token: number): Position;
  /** @param before position in which `token` comes. @param after where it leads */
  see(before: Position, token: number, after: Position): Seen;
}

export class PassageStates<Position, Seen> {
  readonly #walk: PassageReading<Position, Seen>;
  #tokens: number[] = [];
  #seen: Seen[] = [];
  /** Before the tokens 0, stride, 2 · stride, … */
  #positions: Position[] = [];

  constructor(walk: PassageReading<Position, Seen>) {
    this.#walk = walk;
  }

  /** @returns what is seen at each of the tokens, which is the strand's own until the next reading */
  async read(tokens: ArrayLike<number>, pause: Pause): Promise<readonly Seen[]> {
    let same = 0;
    while (same < tokens.length && this.#tokens[same] === tokens[same]) same++;
    const kept = Math.min(Math.floor(same / stride), Math.max(0, this.#positions.length - 1));
    this.#positions.length = Math.min(this.#positions.length, kept + 1);
    if (this.#positions.length === 0) this.#positions.push(this.#walk.begin());
    this.#tokens.length = this.#seen.length = same;
    let position = this.#positions[kept];
    for (let at = kept * stride; at < tokens.length; at++) {
      await pause();
      if (at % stride === 0) this.#positions[at / stride] = position;
      const after = this.#walk.read(position, tokens[at]);
      if (at >= same) {
        this.#seen.push(this.#walk.see(position, tokens[at], after));
        this.#tokens.push(tokens[at]);
      }
      position = after;
    }
    return this.#seen;
  }
}
