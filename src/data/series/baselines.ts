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

/** A linear autoregression: the weights of the numbers of the last rows, [writes × order × reads], and biases. */
interface Autoregression {
  readonly order: number;
  readonly weights: Float64Array;
  readonly bias: Float64Array;
}

/**
 * Fits linear autoregressions to the training part by least squares, and takes the order of the least Akaike
 * information criterion (Akaike 1974).
 * @returns null where there are too few rows for the smallest
 */
function fitAutoregression({ inputs, targets, reads, writes, train }: SplitSeries): Autoregression | null {
  const most = orders.filter(
    (order) => order * reads <= mostNumbers && train - order >= 5 * (order * reads + 1),
  );
  const first = most.at(-1);
  if (first === undefined) return null;
  let least = Number.POSITIVE_INFINITY;
  let best: Autoregression | null = null;
  for (const order of most) {
    const equations = new NormalEquations(order * reads, writes);
    // All orders are fitted to the same rows, so that their criteria can be compared.
    for (let row = first; row < train; row++)
      equations.add(
        inputs.subarray((row - order) * reads, row * reads),
        targets.subarray(row * writes, (row + 1) * writes),
      );
    // Columns that depend on one another leave the solution open; the penalty settles it.
    const fit = equations.solve(1e-6 * equations.count);
    if (!fit) continue;
    const { weights, bias, meanSquares } = fit;
    const logarithms = meanSquares.reduce((sum, each) => sum + Math.log(Math.max(each, 1e-12)), 0);
    const criterion = equations.count * logarithms + 2 * writes * (order * reads + 1);
    if (criterion >= least) continue;
    least = criterion;
    best = { order, weights, bias };
  }
  return best;
}

/** Predicts a row. @param before the numbers of the rows before it, [order × reads] */
function predict({ weights, bias }: Autoregression, before: ArrayLike<number>): Float64Array {
  return Float64Array.from(bias, (start, k) => {
    let predicted = start;
    for (let i = 0; i < before.length; i++) predicted += weights[k * before.length + i] * before[i];
    return predicted;
  });
}

function autoregression(series: SplitSeries, from: number): Baseline[] {
  const { inputs, targets, reads, writes, rows } = series;
  const fit = fitAutoregression(series);
  if (!fit) return [];
  const start = Math.max(from, fit.order);
  let sum = 0;
  for (let row = start; row < rows; row++) {
    const predicted = predict(fit, inputs.subarray((row - fit.order) * reads, row * reads));
    for (const [k, value] of predicted.entries()) sum += (targets[row * writes + k] - value) ** 2;
  }
  return [{ name: 'linear autoregression', value: Math.sqrt(sum / ((rows - start) * writes)) }];
}

/** The forecast of a baseline, which sees none of the rows. */
export interface BaselineForecast {
  readonly name: string;
  /** The numbers, [steps × writes], standardised. */
  readonly values: Float64Array;
}

/**
 * Lets the baselines forecast the first rows of the held-out part, each from what it has forecast before.
 * @param sources the index among the written columns of each column that is read
 */
export function baselineForecasts(
  series: SplitSeries,
  sources: readonly number[],
  steps: number,
): BaselineForecast[] {
  const { inputs, targets, reads, writes, train } = series;
  const season = seasonOf(series);
  const lagged = (name: string, lag: number): BaselineForecast => {
    const values = new Float64Array(steps * writes);
    for (let at = 0; at < values.length; at++)
      values[at] = at < lag * writes ? targets[(train - lag) * writes + at] : values[at - lag * writes];
    return { name, values };
  };
  const fit = fitAutoregression(series);
  const regressed = (found: Autoregression): BaselineForecast => {
    const before = [...inputs.subarray((train - found.order) * reads, train * reads)];
    const values = new Float64Array(steps * writes);
    for (let step = 0; step < steps; step++) {
      const predicted = predict(found, before);
      values.set(predicted, step * writes);
      before.splice(0, reads);
      before.push(...sources.map((source) => predicted[source]));
    }
    return { name: 'linear autoregression', values };
  };
  return [
    lagged('last value', 1),
    ...(season === null ? [] : [lagged('seasonal last value', season)]),
    ...(fit ? [regressed(fit)] : []),
  ];
}
