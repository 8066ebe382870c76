/** Tokens by their positions, in memory or on disk: an Int32Array is one of these. */
export interface Tokens {
  readonly length: number;
  /**
   * Returns the tokens from one position to another, which are not to be changed.
   * @param to by default, the end
   * @throws Problem when they are on disk and can no longer be read
   */
  subarray(from: number, to?: number): Int32Array;
}
