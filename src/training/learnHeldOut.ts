// Trains a finished network on the held-out part too, once its validation loss has been measured: that part
// is closest to what is written next.
import type { TrainableNetwork, Weights } from '../backend/engine.ts';
import type { Dataset } from '../data/dataset.ts';
import type { TrainOptions } from '../language/options.ts';
import { lossOf } from './measure.ts';

/** The number of passes over the held-out part and as much of the training part. */
const passes = 2;

/** The learning rate as a share of the run's, which is where its decay has come to by then. */
const rateShare = 0.15;

/**
 * Trains `weights` on the held-out part.
 * @param network the network of the run, whose state is restored afterwards
 * @returns the new weights; null where they are not better on the held-out part, or there is too little for
 * one batch
 */
export function learnHeldOut(
  dataset: Dataset,
  options: TrainOptions,
  network: TrainableNetwork,
  weights: Weights,
): Weights | null {
  const held = dataset.heldOut(network.shape.batch);
  const batches = dataset.heldOutBatches(network.shape);
  if (held.length === 0 || !batches) return null;
  const clip = options.clipping.kind === 'norm' ? options.clipping.threshold : Number.POSITIVE_INFINITY;
  return network.aside(() => {
    network.load(weights);
    const before = lossOf(dataset, network, held);
    for (let left = passes * batches.perEpoch; left > 0; left--) {
      const { x, y, carry, restart } = batches.next();
      if (restart) network.reset();
      network.step(x, y, {
        learningRate: rateShare * options.learningRate,
        clip,
        l1: options.l1,
        l2: options.l2,
        carry,
      });
    }
    return lossOf(dataset, network, held) < before ? network.weights() : null;
  });
}
