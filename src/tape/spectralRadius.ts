/** The number of powers until the largest eigenvalue dominates, and the number whose growth is measured. */
export interface Effort {
  readonly settling: number;
  readonly measured: number;
}

/** This effort is accurate to about one part in a thousand. */
const thorough: Effort = { settling: 300, measured: 600 };

/** This effort is accurate to a few parts in a hundred. */
export const quick: Effort = { settling: 40, measured: 160 };

/**
 * Estimates the largest absolute eigenvalue from how fast the powers of the matrix grow (Gelfand 1941). It
 * uses the slope of a fitted line, because the length of a vector that rotates in the plane of a complex pair
 * oscillates around it.
 *
 * @param matrix [size × size], row by row; sparse matrices take less time
 */
export function spectralRadius(
  matrix: ArrayLike<number>,
  size: number,
  { settling, measured }: Effort = thorough,
): number {
  const ends = new Int32Array(size);
  const columns = new Int32Array(size * size);
  const values = new Float64Array(size * size);
  let count = 0;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const value = matrix[row * size + column];
      if (value === 0) continue;
      columns[count] = column;
      values[count++] = value;
    }
    ends[row] = count;
  }
  let v = Float64Array.from({ length: size }, (_, i) => Math.cos(i * i));
  let next = new Float64Array(size);
  let log = 0;
  let slope = 0;
  for (let n = -settling; n < measured; n++) {
    let squares = 0;
    for (let row = 0, i = 0; row < size; row++) {
      let sum = 0;
      for (; i < ends[row]; i++) sum += values[i] * v[columns[i]];
      next[row] = sum;
      squares += sum * sum;
    }
    // The powers of a nilpotent matrix vanish.
    if (squares === 0) return 0;
    const length = Math.sqrt(squares);
    for (let row = 0; row < size; row++) next[row] /= length;
    [v, next] = [next, v];
    log += Math.log(length);
    if (n >= 0) slope += (n - (measured - 1) / 2) * log;
  }
  // The denominator of least squares is the sum of (n - mean)² for n = 0 … measured - 1.
  return Math.exp(slope / ((measured * (measured ** 2 - 1)) / 12));
}
