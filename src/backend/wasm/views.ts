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
 * Copies columns from … from + steps of [batch × length] tokens to the tape, which has them step by step. Steps
 * behind a row's end are padding.
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
): void {
  for (let t = 0; t < steps; t++)
    for (let row = 0; row < rows; row++)
      words[at++] = from + t < length ? tokens[(firstRow + row) * length + from + t] : -1;
}
