// The tape's memory as numbers, and tokens on their way into it.

/** Two views of the same words: a word is a number or a whole number. */
export interface Views {
  readonly floats: Float32Array;
  readonly integers: Int32Array;
}

/** Makes both views of a memory. */
export const views = (buffer: ArrayBuffer): Views => ({
  floats: new Float32Array(buffer),
  integers: new Int32Array(buffer),
});

/**
 * Copies columns from … from + steps of [batch × length × each] tokens to the tape, which has those of an index
 * step by step. Steps behind a row's end are padding.
 * @param each the number of tokens of a step
 * @param index the index of the copied ones among them
 */
export function enter(
  words: Int32Array,
  at: number,
  tokens: Int32Array,
  firstRow: number,
  rows: number,
  length: number,
  from: number,
  steps: number,
  each = 1,
  index = 0,
): void {
  for (let t = 0; t < steps; t++)
    for (let row = 0; row < rows; row++)
      words[at++] = from + t < length ? tokens[((firstRow + row) * length + from + t) * each + index] : -1;
}
