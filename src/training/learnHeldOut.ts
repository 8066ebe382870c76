// Trains a finished network on the held-out part too, once its validation loss has been measured: that part
// is closest to what is written next.
import type { TrainableNetwork, Weights } from '../backend/engine.ts';
import type { Dataset } from '../data/dataset.ts';
import type { TrainOptions } from '../language/options/options.ts';
import { haveExploded } from './divergenceGuard.ts';
import { dropoutShare } from './dropoutSchedule.ts';
import { lossOf } from './measure.ts';
import type { Trained } from './runSetting.ts';

/** The number of passes over the held-out part and as much of the training part. */
const passes = 2;

/** The learning rate as a share of the run's, which is where its decay has come to by then. */
const rateShare = 0.15;

const diverged =
  'The held-out part has not been learned: the training on it diverged. The model is the best one before.';
const notBetter =
  'The held-out part has not been learned: the loss on it did not fall. The model is the best one before.';

/** The weights after the held-out part has been learned; null where it has not been. */
export interface HeldOutLearning {
  readonly weights: Weights | null;
  /** A sentence for the user on why it has not been learned, if that was tried. */
  readonly remark: string | null;
}

/**
 * Trains the weights of the best state on the held-out part. They are left as they were where that diverges,
 * or does not lower the loss on the held-out part, where there is too little for one batch, and where the weights were not
 * found by steps of a gradient, whose learning rate would be known.
 * @param network the network of the run, whose state is restored afterwards
 */
export function learnHeldOut(
  dataset: Dataset,
  options: Pick<TrainOptions, 'l1' | 'l2' | 'optimizer' | 'dropoutSchedule'>,
  network: TrainableNetwork,
  { best, learningRate, clip }: Pick<Trained, 'best' | 'learningRate' | 'clip'>,
): HeldOutLearning {
  const { l1, l2, optimizer } = options;
  const held = dataset.heldOut(network.shape.batch);
  const batches = dataset.heldOutBatches(network.shape);
  if (held.length === 0 || !batches || optimizer.kind === 'ridge' || optimizer.kind === 'hessian-free')
    return { weights: null, remark: null };
  return network.aside(() => {
    network.load(best.weights);
    const before = lossOf(dataset, network, held);
    for (let left = passes * batches.perEpoch; left > 0; left--) {
      const { x, y, source, carry, restart } = batches.next();
      if (restart) network.reset();
      network.step(
        x,
        y,
        {
          learningRate: rateShare * learningRate,
          clip,
          l1,
          l2,
          carry,
          dropoutShare: dropoutShare(options, batches.epoch),
        },
        source,
      );
    }
    const after = lossOf(dataset, network, held);
    const weights = network.weights();
    if (!Number.isFinite(after) || haveExploded(weights)) return { weights: null, remark: diverged };
    return after < before ? { weights, remark: null } : { weights: null, remark: notBetter };
  });
}
