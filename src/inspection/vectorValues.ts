// Chooses the units of a vector that are worth a look.
import type { VectorValues } from '../protocol/run.ts';

/** The most units of a vector; more could not be told apart in a picture. */
const mostUnits = 24;

/**
 * Returns the units whose values vary most. Those that change most slowly, for how much they vary, come first:
 * they hold something.
 * @param vectors the values at each token, [tokens][units]
 */
export function vectorValues(vectors: readonly Float64Array[]): VectorValues {
  const width = vectors[0].length;
  const all = Array.from({ length: width }, (_, unit) => {
    const values = vectors.map((vector) => vector[unit]);
    const variance = varianceOf(values);
    return { unit, values, variance, vonNeumannRatio: variance > 0 ? changeOf(values) / variance : 0 };
  });
  const chosen = all
    .toSorted((a, b) => b.variance - a.variance || a.unit - b.unit)
    .slice(0, mostUnits)
    .sort((a, b) => a.vonNeumannRatio - b.vonNeumannRatio || a.unit - b.unit);
  return {
    width,
    units: chosen.map(({ unit }) => unit),
    values: chosen.map(({ values }) => values.map(rounded)),
  };
}

function varianceOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}

/** Returns the mean squared difference of neighbours: over the variance, von Neumann's ratio (1941). */
function changeOf(values: readonly number[]): number {
  return values.slice(1).reduce((sum, value, i) => sum + (value - values[i]) ** 2, 0) / values.length;
}

/** Rounds to hundredths, because a picture shows no more, and a history holds many of them; −0 becomes 0. */
const rounded = (value: number): number => Math.round(100 * value) / 100 + 0;
