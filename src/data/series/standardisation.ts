// Standardisation: each column is shifted and scaled to mean 0 and standard deviation 1 in the training part.

export interface Standardisation {
  readonly mean: number;
  readonly deviation: number;
}

/** @param values [rows × columns] @param rows the number of rows from the first on that count */
export function standardisationOf(values: Float64Array, columns: number, rows: number): Standardisation[] {
  return Array.from({ length: columns }, (_, column) => {
    let sum = 0;
    for (let row = 0; row < rows; row++) sum += values[row * columns + column];
    const mean = sum / rows;
    let squares = 0;
    for (let row = 0; row < rows; row++) squares += (values[row * columns + column] - mean) ** 2;
    // A column that never changes has no scale of its own.
    const deviation = Math.sqrt(squares / rows);
    return { mean, deviation: deviation > 1e-12 * Math.abs(mean) && deviation > 0 ? deviation : 1 };
  });
}

/** Standardises rows, [rows × columns]. */
export const standardise = (values: ArrayLike<number>, by: readonly Standardisation[]): Float32Array =>
  Float32Array.from(values, (value, index) => {
    const { mean, deviation } = by[index % by.length];
    return (value - mean) / deviation;
  });
