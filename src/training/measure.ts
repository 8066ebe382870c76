// Measures a network on the held-out part of the data.
import type { TrainableNetwork } from '../backend/engine.ts';
import { type ClassOutcome, isRight, macroF1, shareOfRight } from '../data/classMetrics.ts';
import type { Dataset, Rows } from '../data/dataset.ts';
import type { Metric } from '../protocol/metric.ts';
import type { Measured } from '../protocol/run.ts';

/** A metric other than the loss, and how its value and those of further metrics are measured. */
export interface MeasuredMetric extends Metric {
  of(network: TrainableNetwork, held: readonly Rows[]): Measured;
}

/** A metric of which class was named for each target. */
export interface MetricOfClasses extends MeasuredMetric {
  ofOutcomes(outcomes: readonly ClassOutcome[]): Measured;
}

/** The share of the targets that are the output with the largest logit; and beside it, the macro F1. */
export const accuracy: MetricOfClasses = {
  name: 'accuracy',
  unit: '',
  lowerIsBetter: false,
  of: (network, held) => accuracy.ofOutcomes(outcomesOf(network, held)),
  ofOutcomes: (outcomes) => ({
    metric: shareOfRight(outcomes),
    furtherMetrics: { 'macro F1': macroF1(outcomes) },
  }),
};

/** The same, judged by the macro F1, in which all classes count the same. */
export const macroF1OfRows: MetricOfClasses = {
  name: 'macro F1',
  unit: '',
  lowerIsBetter: false,
  of: (network, held) => macroF1OfRows.ofOutcomes(outcomesOf(network, held)),
  ofOutcomes: (outcomes) => ({
    metric: macroF1(outcomes),
    furtherMetrics: { accuracy: shareOfRight(outcomes) },
  }),
};

/** The accuracy where each step of a row has a target; and the share of the rows all of whose targets are right. */
export const tokenAccuracy: MeasuredMetric = {
  name: accuracy.name,
  unit: accuracy.unit,
  lowerIsBetter: accuracy.lowerIsBetter,
  of(network, held) {
    const outcomes = outcomesOf(network, held);
    const rows = new Set(outcomes.map(({ row }) => row));
    const wrong = new Set(outcomes.flatMap((each) => (isRight(each) ? [] : [each.row])));
    return {
      metric: shareOfRight(outcomes),
      furtherMetrics: { 'sentence accuracy': 1 - wrong.size / rows.size, 'macro F1': macroF1(outcomes) },
    };
  },
};

interface RowOutcome extends ClassOutcome {
  /** The number of the row among all. */
  readonly row: number;
}

/** Returns the class that a network names at each counted target. */
function outcomesOf(network: TrainableNetwork, held: readonly Rows[]): RowOutcome[] {
  const outcomes: RowOutcome[] = [];
  let before = 0;
  for (const { x, y, rows } of held) {
    const steps = y.length / rows;
    network.logits(x, y, rows, (index, logits) =>
      outcomes.push({
        predicted: logits.indexOf(Math.max(...logits)),
        target: y[index],
        row: before + Math.floor(index / steps),
      }),
    );
    before += rows;
  }
  return outcomes;
}

/** Returns the bits per unit of rows that are read from h[0]. */
export function lossOf(
  dataset: Pick<Dataset, 'cost'>,
  network: TrainableNetwork,
  held: Iterable<Rows>,
): number {
  let bits = 0;
  let units = 0;
  for (const { x, y, rows, source } of held) {
    const cost = dataset.cost(network.evaluate(x, y, rows, source), y);
    bits += cost.bits;
    units += cost.units;
  }
  return bits / units;
}
