// Trains a finished network on the held-out part too, once its validation loss has been measured: that part
// is closest to what is written next.
import type { TrainableNetwork, Weights } from '../backend/engine.ts';
import type { Corpus } from '../data/text/corpus.ts';
import { heldOutRows } from '../data/text/heldOut.ts';
import { Windows } from '../data/text/truncatedBpttWindows.ts';
import type { TrainOptions } from '../language/options.ts';
import { haveExploded } from './divergenceGuard.ts';
import type { Trained } from './runSetting.ts';

/** The number of passes over the held-out part and as much text before it, which must not be forgotten. */
const passes = 2;

/** The learning rate as a share of the run's, which is where its decay has come to by then. */
const rateShare = 0.15;

const diverged =
  'The held-out part of the text has not been learned: the training on it diverged. The model is that of the best validation loss.';
const notBetter =
  'The held-out part of the text has not been learned: the loss on it did not fall. The model is that of the best validation loss.';

/** The weights after the held-out part has been learned; null where it has not been. */
export interface HeldOutLearning {
  readonly weights: Weights | null;
  /** A sentence for the user on why it has not been learned, if that was tried. */
  readonly remark: string | null;
}

/**
 * Trains the weights of the best state on the held-out part. They are left as they were where that diverges,
 * or does not lower the loss on the held-out part, and where the text is too short for one window.
 * @param network the network of the run, whose state is restored afterwards
 */
export function learnHeldOut(
  { train, heldOut }: Corpus,
  { l1, l2 }: Pick<TrainOptions, 'l1' | 'l2'>,
  network: TrainableNetwork,
  { weights, learningRate, clip }: Pick<Trained, 'weights' | 'learningRate' | 'clip'>,
): HeldOutLearning {
  const { batch, steps } = network.shape;
  const held = heldOutRows(train, heldOut, batch);
  // A short text needs at least one window of every stream.
  const before = train.subarray(-Math.max(heldOut.length, batch * (2 * steps + 1) - heldOut.length));
  const text = new Int32Array(before.length + heldOut.length);
  text.set(before);
  text.set(heldOut, before.length);
  if (!held || text.length <= batch * steps) return { weights: null, remark: null };
  const windows = new Windows(text, batch, steps, steps);
  return network.aside(() => {
    network.load(weights);
    const before = network.evaluate(held.x, held.y, held.rows);
    for (let left = passes * windows.windowsPerEpoch; left > 0; left--) {
      const { x, y, carry, restart } = windows.next();
      if (restart) network.reset();
      network.step(x, y, { learningRate: rateShare * learningRate, clip, l1, l2, carry });
    }
    const after = network.evaluate(held.x, held.y, held.rows);
    const learned = network.weights();
    if (!Number.isFinite(after) || haveExploded(learned)) return { weights: null, remark: diverged };
    return after < before ? { weights: learned, remark: null } : { weights: null, remark: notBetter };
  });
}
