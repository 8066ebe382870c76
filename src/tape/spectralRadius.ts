const settling = 300;
const measured = 600;

/**
 * The largest absolute value of an eigenvalue, to about one part in a thousand: how fast the powers of the
 * matrix grow (Gelfand 1941). The slope of a fitted line is taken, because the size of a vector that turns in
 * the plane of a complex pair goes up and down around it.
 *
 * @param matrix [size × size], row by row; sparse ones take less time
 */
export function spectralRadius(matrix: ArrayLike<number>, size: number): number {
  const rows: number[] = [];
  const columns: number[] = [];
  const values: number[] = [];
  for (let i = 0; i < size * size; i++) {
    if (matrix[i] === 0) continue;
    rows.push(Math.floor(i / size));
    columns.push(i % size);
    values.push(matrix[i]);
  }
  let v = Float64Array.from({ length: size }, (_, i) => Math.cos(i * i));
  let log = 0;
  let slope = 0;
  for (let n = -settling; n < measured; n++) {
    const next = new Float64Array(size);
    for (let i = 0; i < values.length; i++) next[rows[i]] += values[i] * v[columns[i]];
    const length = Math.sqrt(next.reduce((sum, value) => sum + value * value, 0));
    // Powers of a matrix without circles vanish.
    if (length === 0) return 0;
    v = next.map((value) => value / length);
    log += Math.log(length);
    if (n >= 0) slope += (n - (measured - 1) / 2) * log;
  }
  // Least squares: the sum of (n - mean)² for n = 0 … measured - 1.
  return Math.exp(slope / ((measured * (measured ** 2 - 1)) / 12));
}
