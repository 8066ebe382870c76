// What is measured on the held-out part of the data.
import type { TrainableNetwork } from '../backend/engine.ts';
import type { Dataset, Rows } from '../data/dataset.ts';
import type { Metric } from '../protocol/metric.ts';

/** A metric other than the loss, and how it is measured. */
export interface MeasuredMetric extends Metric {
  of(network: TrainableNetwork, held: readonly Rows[]): number;
}

/** The share of the targets that are the output with the largest logit. */
export const accuracy: MeasuredMetric = {
  name: 'accuracy',
  unit: '',
  lowerIsBetter: false,
  of(network, held) {
    let counted = 0;
    let right = 0;
    for (const { x, y, rows } of held)
      network.logits(x, y, rows, (index, logits) => {
        counted++;
        if (logits.indexOf(Math.max(...logits)) === y[index]) right++;
      });
    return right / counted;
  },
};

/** Returns the bits per unit of rows that are read from h[0]. */
export function lossOf(
  dataset: Pick<Dataset, 'cost'>,
  network: TrainableNetwork,
  held: readonly Rows[],
): number {
  let bits = 0;
  let units = 0;
  for (const { x, y, rows } of held) {
    const cost = dataset.cost(network.evaluate(x, y, rows), y);
    bits += cost.bits;
    units += cost.units;
  }
  return bits / units;
}
