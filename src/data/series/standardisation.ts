// Standardisation: each column is shifted and scaled to mean 0 and standard deviation 1 in the training part.

/** The mean and the standard deviation of a column, in its own units. */
export interface Standardisation {
  readonly mean: number;
  readonly deviation: number;
}

/**
 * Returns the standardisation of each column. A column that never changes has a deviation of 1.
 * @param values [rows × columns]
 * @param rows the number of rows, from the first on, that count
 */
export function standardisationOf(values: Float64Array, columns: number, rows: number): Standardisation[] {
  return Array.from({ length: columns }, (_, column) => {
    let largest = 0;
    for (let row = 0; row < rows; row++)
      largest = Math.max(largest, Math.abs(values[row * columns + column]));
    // Squares of very large or small numbers leave the range of 64 bits. A power of two divides them without rounding.
    const unit = largest === 0 ? 1 : 2 ** Math.floor(Math.log2(largest));
    let sum = 0;
    for (let row = 0; row < rows; row++) sum += values[row * columns + column] / unit;
    const mean = (sum / rows) * unit;
    let squares = 0;
    for (let row = 0; row < rows; row++) squares += ((values[row * columns + column] - mean) / unit) ** 2;
    // A column that never changes has no scale of its own.
    const deviation = Math.sqrt(squares / rows) * unit;
    return { mean, deviation: deviation > 1e-12 * Math.abs(mean) && deviation > 0 ? deviation : 1 };
  });
}

/** Standardises rows, [rows × columns]. */
export const standardise = (values: ArrayLike<number>, by: readonly Standardisation[]): Float32Array =>
  Float32Array.from(values, (value, index) => {
    const { mean, deviation } = by[index % by.length];
    return (value - mean) / deviation;
  });

/**
 * Returns the loss of guessing blindly, in bits per number: the most that a Gaussian of mean 0 and deviation 1 takes for any of
 * the numbers, as there is no uniform density over all of them.
 * @param targets the standardised numbers of the training part
 */
export function blindGaussianLoss(targets: Float32Array): number {
  const most = targets.reduce((worst, value) => Math.max(worst, Math.abs(value)), 0);
  return (0.5 * most ** 2 + 0.5 * Math.log(2 * Math.PI)) / Math.LN2;
}
