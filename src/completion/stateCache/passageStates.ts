// Caches the states along a passage, and what was observed at each token, so that after an edit only the text
// from there on is read again.
import type { Pause } from './documentStates.ts';

/** The number of tokens between two cached positions: a position is many times larger than an observation. */
const stride = 32;

/** A model that is read along a passage, with what is observed at each token. */
export interface PassageReading<Position, Seen> {
  begin(): Position;
  read(position: Position, token: number): Position;
  /** @param before the position before `token`. @param after the position after it */
  see(before: Position, token: number, after: Position): Seen;
}

/** The cached states of one passage. */
export class PassageStates<Position, Seen> {
  readonly #walk: PassageReading<Position, Seen>;
  #tokens: number[] = [];
  #seen: Seen[] = [];
  /** The positions before the tokens 0, stride, 2 · stride, … */
  #positions: Position[] = [];

  constructor(walk: PassageReading<Position, Seen>) {
    this.#walk = walk;
  }

  /** Reads a passage. @returns the observation at each token, in an array that the next reading changes */
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
