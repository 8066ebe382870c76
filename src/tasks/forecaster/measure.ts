// The measures of forecasts of the next row.
import type { TrainableNetwork } from '../../backend/engine.ts';
import type { Rows, Series } from '../../data/dataset.ts';
import type { MeasuredMetric } from '../../training/measure.ts';

/** The share of the numbers that are to lie within an interval. */
export const level = 0.8;

/** The half-width of that interval in standard deviations of a Gaussian. */
export const halfWidth = 1.2815515655446004;

/** An error in standard deviations of the training part, and in those that the network gave to the number. */
export interface Outcome {
  /** The index of the number's row, and of its column. */
  readonly row: number;
  readonly column: number;
  readonly error: number;
  readonly score: number;
}

/** Returns what comes of forecasts of the next row, each from the rows before it. @param outputs the number of columns */
export function outcomesOf(
  network: TrainableNetwork,
  held: readonly Rows[],
  { targets }: Series,
  outputs: number,
): Outcome[] {
  const outcomes: Outcome[] = [];
  for (const { x, y, rows } of held)
    network.logits(x, y, rows, (index, moments) => {
      const row = y[index];
      for (let column = 0; column < outputs; column++) {
        const error = targets[row * outputs + column] - moments[column];
        outcomes.push({ row, column, error, score: error / Math.exp(moments[outputs + column]) });
      }
    });
  return outcomes;
}

/** The name of the metric that says how often intervals of one step come true. */
export const coverage = `coverage of ${100 * level} % intervals`;

/**
 * The root mean squared error in standard deviations of the training part, which makes columns comparable; and beside it,
 * the share of the numbers that lie within their intervals.
 */
export const rootMeanSquare = (series: Series, outputs: number): MeasuredMetric => ({
  name: 'NRMSE',
  unit: '',
  lowerIsBetter: true,
  of(network, held) {
    const outcomes = outcomesOf(network, held, series, outputs);
    const squares = outcomes.reduce((sum, { error }) => sum + error * error, 0);
    const within = outcomes.filter(({ score }) => Math.abs(score) <= halfWidth).length;
    return {
      metric: Math.sqrt(squares / outcomes.length),
      furtherMetrics: { [coverage]: within / outcomes.length },
    };
  },
});
