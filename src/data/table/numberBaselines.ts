// The baselines of predicting a number from a sequence, without a network.
import type { Baseline } from '../../protocol/metric.ts';
import type { Series } from '../dataset.ts';
import { NormalEquations } from '../normalEquations.ts';
import type { TargetedRow } from './splitRows.ts';

interface SplitNumbers {
  readonly train: readonly TargetedRow[];
  readonly heldOut: readonly TargetedRow[];
  readonly series: Series;
  /** The standard deviation by which the targets are standardised. */
  readonly deviation: number;
  /** The number of different tokens of a text; null where numbers are read. */
  readonly vocabulary: number | null;
}

/** The most features of a linear regression, and the least number of rows for each of its weights. */
const mostFeatures = 160;
const rowsPerWeight = 5;

/**
 * Returns the root mean squared errors, in the targets' own units, of always predicting the mean of the training part and
 * of a linear regression on the counts of the commonest tokens, or on the last numbers.
 */
export function numberBaselines(numbers: SplitNumbers): Baseline[] {
  const { train, heldOut, series, deviation } = numbers;
  // A run of which nothing is held out is judged by what it was trained on.
  const measured = heldOut.length > 0 ? heldOut : train;
  const errorOf = (predict: (row: TargetedRow) => number) => {
    const squares = measured.map((row) => (series.targets[row.target] - predict(row)) ** 2);
    return deviation * Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
  };
  const regression = linearRegression(numbers);
  return [
    { name: 'mean', value: errorOf(() => 0) },
    ...(regression ? [{ name: 'linear regression', value: errorOf(regression) }] : []),
  ];
}

/** Fits by least squares; null where there are too few rows. */
function linearRegression(numbers: SplitNumbers): ((row: TargetedRow) => number) | null {
  const { train, series } = numbers;
  const most = Math.min(mostFeatures, Math.floor(train.length / rowsPerWeight) - 1);
  if (most < 1) return null;
  const features = numbers.vocabulary === null ? lastNumbers(numbers, most) : countsOf(numbers, most);
  const equations = new NormalEquations(features.width, 1);
  for (const row of train) equations.add(features.of(row), [series.targets[row.target]]);
  // Features that depend on one another leave the solution open; the penalty settles it.
  const fit = equations.solve(1e-3 * equations.count);
  if (!fit) return null;
  return (row) => features.of(row).reduce((sum, value, i) => sum + fit.weights[i] * value, fit.bias[0]);
}

interface Features {
  readonly width: number;
  of(row: TargetedRow): Float64Array;
}

/** The counts of the commonest tokens. */
function countsOf({ train, vocabulary }: SplitNumbers, most: number): Features {
  const totals = new Float64Array(vocabulary!);
  for (const { tokens } of train) for (const token of tokens) totals[token]++;
  const commonest = [...totals.keys()].sort((a, b) => totals[b] - totals[a]).slice(0, most);
  const places = new Map(commonest.map((token, place) => [token, place]));
  return {
    width: commonest.length,
    of({ tokens }) {
      const counts = new Float64Array(commonest.length);
      for (const token of tokens) {
        const place = places.get(token);
        if (place !== undefined) counts[place]++;
      }
      return counts;
    },
  };
}

/** The last numbers, the newest first; one that a shorter row lacks counts as the mean. */
function lastNumbers({ train, series }: SplitNumbers, most: number): Features {
  const width = Math.min(
    most,
    train.reduce((longest, { tokens }) => Math.max(longest, tokens.length), 0),
  );
  return {
    width,
    of: ({ tokens }) =>
      Float64Array.from({ length: width }, (_, back) => {
        const token = tokens[tokens.length - 1 - back];
        return token === undefined ? 0 : series.inputs[token];
      }),
  };
}
