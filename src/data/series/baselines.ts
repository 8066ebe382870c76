// The baselines of forecasting: predictions of the next row without a network.
import type { Baseline } from '../../protocol/metric.ts';
import type { Series } from '../dataset.ts';
import { NormalEquations } from '../normalEquations.ts';

/** A series whose rows from `train` on are held out. */
export interface SplitSeries extends Series {
  readonly reads: number;
  readonly writes: number;
  readonly rows: number;
  readonly train: number;
}

/** The most rows back that a season may be long, and its least number of repetitions in the training part. */
const longestSeason = 400;
const leastSeasons = 3;

/** Errors of up to so many times the least count as alike. */
const alike = 1.2;

/** The numbers of rows that an autoregression may look at, and its most numbers of them. */
const orders = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32];
const mostNumbers = 160;

/** Returns the root mean squared errors of the baselines, in standard deviations of the training part. */
export function baselinesOf(series: SplitSeries): Baseline[] {
  const { rows, train } = series;
  // A run of which nothing is held out is judged by what it was trained on.
  const from = train < rows ? train : 1;
  const season = seasonOf(series);
  return [
    { name: 'last value', value: errorOfLag(series, 1, from, rows) },
    ...(season === null
      ? []
      : [{ name: 'seasonal last value', value: errorOfLag(series, season, Math.max(from, season), rows) }]),
    ...autoregression(series, from),
  ];
}

/**
 * Returns the lag after which rows are most alike in the training part. They are more so than after the neighbouring
 * lags, as otherwise they are only close to each other; null where there is no such lag.
 */
export function seasonOf(series: SplitSeries): number | null {
  const { train } = series;
  const most = Math.min(longestSeason, Math.floor(train / leastSeasons));
  const errors = Array.from({ length: Math.max(0, most) }, (_, index) =>
    errorOfLag(series, index + 1, most, train),
  );
  const lags = errors.flatMap((error, index) =>
    error < errors[index - 1] && error < errors[index + 1] ? [index + 1] : [],
  );
  const least = Math.min(...lags.map((lag) => errors[lag - 1]));
  // After several seasons rows are as much alike, but for chance.
  return lags.find((lag) => errors[lag - 1] <= alike * least) ?? null;
}

/** Returns the root mean squared difference of rows from those `lag` rows before, for the rows from … to. */
function errorOfLag({ targets, writes }: SplitSeries, lag: number, from: number, to: number): number {
  let sum = 0;
  for (let at = from * writes; at < to * writes; at++) sum += (targets[at] - targets[at - lag * writes]) ** 2;
  return Math.sqrt(sum / ((to - from) * writes));
}

/**
 * Fits linear autoregressions to the training part by least squares, and takes the order of the least Akaike
 * information criterion (Akaike 1974). It is left out where there are too few rows for the smallest.
 */
function autoregression(series: SplitSeries, from: number): Baseline[] {
  const { inputs, targets, reads, writes, rows, train } = series;
  const most = orders.filter(
    (order) => order * reads <= mostNumbers && train - order >= 5 * (order * reads + 1),
  );
  const first = most.at(-1);
  if (first === undefined) return [];
  const before = (row: number, order: number) => inputs.subarray((row - order) * reads, row * reads);
  let least = Number.POSITIVE_INFINITY;
  let error = Number.NaN;
  for (const order of most) {
    const equations = new NormalEquations(order * reads, writes);
    // All orders are fitted to the same rows, so that their criteria can be compared.
    for (let row = first; row < train; row++)
      equations.add(before(row, order), targets.subarray(row * writes, (row + 1) * writes));
    // Columns that depend on one another leave the solution open; the penalty settles it.
    const fit = equations.solve(1e-6 * equations.count);
    if (!fit) continue;
    const { weights, bias, meanSquares } = fit;
    const logarithms = meanSquares.reduce((sum, each) => sum + Math.log(Math.max(each, 1e-12)), 0);
    const criterion = equations.count * logarithms + 2 * writes * (order * reads + 1);
    if (criterion >= least) continue;
    least = criterion;
    const start = Math.max(from, order);
    let sum = 0;
    for (let row = start; row < rows; row++) {
      const x = before(row, order);
      for (let k = 0; k < writes; k++) {
        let predicted = bias[k];
        for (let i = 0; i < x.length; i++) predicted += weights[k * x.length + i] * x[i];
        sum += (targets[row * writes + k] - predicted) ** 2;
      }
    }
    error = Math.sqrt(sum / ((rows - start) * writes));
  }
  return Number.isNaN(error) ? [] : [{ name: 'linear autoregression', value: error }];
}
