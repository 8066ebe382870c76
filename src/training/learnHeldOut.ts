// Trains a finished network on the held-out part too, once its validation loss has been measured: that part
// is closest to what is written next.
import type { TrainableNetwork, Weights } from '../backend/engine.ts';
import type { Corpus } from '../data/text/corpus.ts';
import { heldOutRows } from '../data/text/heldOut.ts';
import { Windows } from '../data/text/truncatedBpttWindows.ts';
import type { TrainOptions } from '../language/options.ts';

/** The number of passes over the held-out part and as much text before it, which must not be forgotten. */
const passes = 2;

/** The learning rate as a share of the run's, which is where its decay has come to by then. */
const rateShare = 0.15;

/**
 * Trains `weights` on the held-out part.
 * @param network the network of the run, whose state is restored afterwards
 * @returns the new weights; null where they are not better on the held-out part, or the text is too short for
 * one window
 */
export function learnHeldOut(
  { train, heldOut }: Corpus,
  options: TrainOptions,
  network: TrainableNetwork,
  weights: Weights,
): Weights | null {
  const { batch, steps } = network.shape;
  const held = heldOutRows(train, heldOut, batch);
  // A short text needs at least one window of every stream.
  const before = train.subarray(-Math.max(heldOut.length, batch * (2 * steps + 1) - heldOut.length));
  const text = new Int32Array(before.length + heldOut.length);
  text.set(before);
  text.set(heldOut, before.length);
  if (!held || text.length <= batch * steps) return null;
  const windows = new Windows(text, batch, steps, steps);
  const clip = options.clipping.kind === 'norm' ? options.clipping.threshold : Number.POSITIVE_INFINITY;
  return network.aside(() => {
    network.load(weights);
    const before = network.evaluate(held.x, held.y, held.rows);
    for (let left = passes * windows.windowsPerEpoch; left > 0; left--) {
      const { x, y, carry, restart } = windows.next();
      if (restart) network.reset();
      network.step(x, y, {
        learningRate: rateShare * options.learningRate,
        clip,
        l1: options.l1,
        l2: options.l2,
        carry,
      });
    }
    return network.evaluate(held.x, held.y, held.rows) < before ? network.weights() : null;
  });
}
