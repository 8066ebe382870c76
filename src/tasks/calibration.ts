// Scales the spread that a network gives to numbers, so that intervals come true as often as they say.
import type { Weights } from '../backend/engine.ts';
import { halfWidth, level, type NumberOutcome } from './outcomes.ts';

/** The least number of held-out rows from which a spread is learned. */
const leastRows = 30;

/** The bounds of what a spread is multiplied by. */
const [least, most] = [0.1, 10];

export interface Calibration {
  /** The factor by which the spread of each column is multiplied. */
  readonly factors: readonly number[];
  /**
   * The share of the numbers of the newer half of the rows that lie within their intervals, where the factors are those
   * of the older half.
   */
  readonly coverage: number;
}

/**
 * Learns the factor of each column with which the intervals hold the share of the numbers that they should hold
 * (Gneiting, Balabdaoui & Raftery 2007, on calibration; Vovk, Gammerman & Shafer 2005, on quantiles of held-out
 * scores).
 * @param outcomes of rows that the network has not learned
 * @returns null where they are too few
 */
export function calibrate(outcomes: readonly NumberOutcome[], columns: number): Calibration | null {
  const rows = [...new Set(outcomes.map(({ row }) => row))].sort((a, b) => a - b);
  if (rows.length < leastRows) return null;
  const middle = rows[Math.floor(rows.length / 2)];
  const older = factorsOf(
    outcomes.filter(({ row }) => row < middle),
    columns,
  );
  const newer = outcomes.filter(({ row }) => row >= middle);
  const within = newer.filter(({ score, column }) => Math.abs(score) <= halfWidth * older[column]);
  return { factors: factorsOf(outcomes, columns), coverage: within.length / newer.length };
}

const factorsOf = (outcomes: readonly NumberOutcome[], columns: number): number[] =>
  Array.from({ length: columns }, (_, column) => {
    const sizes = outcomes
      .filter((outcome) => outcome.column === column)
      .map(({ score }) => Math.abs(score))
      .sort((a, b) => a - b);
    const quantile = sizes[Math.min(sizes.length - 1, Math.ceil(level * (sizes.length + 1)) - 1)];
    return Math.min(most, Math.max(least, quantile / halfWidth));
  });

/** Multiplies the spread: the bias of its logarithm grows by that of the factor. */
export function withSpread(weights: Weights, factors: readonly number[]): Weights {
  const bias = weights.get('output.b')!;
  const data = bias.data.slice();
  for (const [column, factor] of factors.entries()) data[factors.length + column] += Math.log(factor);
  return new Map(weights).set('output.b', { ...bias, data });
}
