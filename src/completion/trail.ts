// The network's states along a text, so that only what has changed is read again.
import type { Predictor } from '../backend/engine.ts';
import type { Vocabulary } from '../training/vocabulary.ts';

/** Where a network stands after reading a text. */
export interface Position {
  readonly state: Float32Array;
  /** Of the next token. */
  readonly logits: Float32Array;
}

/** Called between tokens: may wait, and throws when the answer is no longer wanted. */
export type Pause = () => Promise<void>;

/** One text, read from `offset` on. */
export class Trail {
  readonly #predictor: Predictor;
  readonly #vocabulary: Vocabulary;
  #offset = 0;
  #characters: string[] = [];
  /** After each of the characters. */
  #positions: Position[] = [];

  constructor(predictor: Predictor, vocabulary: Vocabulary) {
    this.#predictor = predictor;
    this.#vocabulary = vocabulary;
  }

  /**
   * Reads `text`, which begins at `offset` of the document; what was read before and is the same is not read
   * again, and reading that began further up in the document counts as context.
   */
  async read(offset: number, text: string, pause: Pause): Promise<Position> {
    const characters = [...text];
    const kept = this.#keep(offset, characters);
    for (const character of characters.slice(kept)) {
      await pause();
      this.#append(character);
    }
    return this.#positions.at(-1) ?? this.#begin();
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

  #append(character: string): void {
    const { state } = this.#positions.at(-1) ?? this.#begin();
    const next = { state: new Float32Array(state.length), logits: new Float32Array(this.#vocabulary.size) };
    this.#predictor.next(state, this.#vocabulary.token(character), next.state, next.logits);
    this.#positions.push(next);
    this.#characters.push(character);
  }

  #begin(): Position {
    return { state: this.#predictor.initial(), logits: new Float32Array(this.#vocabulary.size) };
  }
}
