// The measures of numbers that are predicted with a spread.
import type { TrainableNetwork } from '../backend/engine.ts';
import type { Rows, Series } from '../data/dataset.ts';
import type { MeasuredMetric } from '../training/measure.ts';

/** The share of the numbers that should lie within an interval. */
export const level = 0.8;

/** The half-width of that interval in standard deviations of a Gaussian. */
export const halfWidth = 1.2815515655446004;

/** An error in standard deviations of the training part, and in those that the network gave to the number. */
export interface NumberOutcome {
  /** The index of the number's row, and of its column. */
  readonly row: number;
  readonly column: number;
  readonly error: number;
  readonly score: number;
}

/** The same, with the mean and the spread that the network gave to the number, standardised. */
export interface PredictedOutcome extends NumberOutcome {
  readonly mean: number;
  readonly spread: number;
}

/** Returns what comes of the predictions of held-out rows. @param outputs the number of columns that are predicted */
export function outcomesOf(
  network: TrainableNetwork,
  held: readonly Rows[],
  { targets }: Series,
  outputs: number,
): PredictedOutcome[] {
  const outcomes: PredictedOutcome[] = [];
  for (const { x, y, rows } of held)
    network.logits(x, y, rows, (index, moments) => {
      const row = y[index];
      for (let column = 0; column < outputs; column++) {
        const mean = moments[column];
        const spread = Math.exp(moments[outputs + column]);
        const error = targets[row * outputs + column] - mean;
        outcomes.push({ row, column, error, score: error / spread, mean, spread });
      }
    });
  return outcomes;
}

/** The name of the metric that says how often intervals of one step come true. */
export const coverage = `coverage of ${100 * level} % intervals`;

/**
 * The root mean squared error, and beside it the share of the numbers that lie within their intervals.
 * @param deviation the standard deviation of the one column that is predicted, in whose units the error then is; without it,
 * the unit is the standard deviation of each column in the training part, which makes columns comparable
 */
export const rootMeanSquare = (
  series: Series,
  outputs: number,
  deviation: number | null = null,
): MeasuredMetric => ({
  name: deviation === null ? 'NRMSE' : 'RMSE',
  unit: '',
  lowerIsBetter: true,
  of(network, held) {
    const outcomes = outcomesOf(network, held, series, outputs);
    const squares = outcomes.reduce((sum, { error }) => sum + error * error, 0);
    const within = outcomes.filter(({ score }) => Math.abs(score) <= halfWidth).length;
    return {
      metric: (deviation ?? 1) * Math.sqrt(squares / outcomes.length),
      furtherMetrics: { [coverage]: within / outcomes.length },
    };
  },
});
