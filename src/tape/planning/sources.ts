// The sources of an encoder-decoder on their way into the tape's memory.
import type { Plan } from './plan.ts';

/** Sources of a batch: tokens, [rows × positions × tokens of a position], with padding behind each one's end. */
export interface Sources {
  readonly tokens: ArrayLike<number>;
  readonly positions: number;
  /** The number of positions that are computed, which may be more: those behind are padding. */
  readonly computed: number;
}

/**
 * Writes the sources of a tape's streams, position by position, and where each one ends.
 * @param words the tape's memory as whole numbers
 * @param firstRow the first of the tape's streams among those of the batch
 */
export function enterSources(
  words: { [index: number]: number },
  { source, lasts, rows }: Pick<Plan, 'source' | 'lasts' | 'rows'>,
  { tokens, positions, computed }: Sources,
  firstRow: number,
): void {
  const each = source.length;
  for (let row = 0; row < rows; row++) {
    let length = 0;
    for (let s = 0; s < computed; s++)
      for (let index = 0; index < each; index++) {
        const token = s < positions ? tokens[((firstRow + row) * positions + s) * each + index] : -1;
        if (index === 0 && token >= 0) length = s + 1;
        words[source[index] + s * rows + row] = token;
      }
    if (length === 0) throw new Error('A source has no token.');
    words[lasts + row] = (length - 1) * rows + row;
  }
}
