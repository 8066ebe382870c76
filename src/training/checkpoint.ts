// A checkpoint is all that a run goes on from: the weights, the optimiser's moments, the place in the data
// and the rows' states there.
import type { OptimizerState, Weights } from '../backend/engine.ts';
import type { BatchCursor } from '../data/dataset.ts';
import type { Clipping } from '../language/options/options.ts';
import type { Measured } from '../protocol/run.ts';

/** The state of a run between two updates. */
export interface Checkpoint {
  readonly weights: Weights;
  readonly optimizer: OptimizerState;
  /**
   * The streams' states, see `TrainableNetwork.states`; null means h[0]. Checkpoints of older versions lack
   * them, and the text before `cursor` is read again.
   */
  readonly states?: Weights | null;
  /**
   * The best state by the metric of the run, or by the validation loss where that is the metric. `loss` is
   * Infinity before the first measurement, and where nothing is held out; metrics are then missing, too.
   */
  readonly best: Measured & { readonly weights: Weights; readonly loss: number; readonly step: number };
  /**
   * The number of measurements of the validation loss since the best one, and the update after which the last
   * was made. Checkpoints of older versions lack both.
   */
  readonly fruitlessLooks?: number;
  readonly lastLook?: number;
  readonly cursor: BatchCursor;
  /** The number of updates, and that of the tokens that were learned from. */
  readonly step: number;
  readonly tokens: number;
  /**
   * The seconds that were spent so far, without pauses, and those of them that were spent on training alone.
   */
  readonly seconds: number;
  readonly trainingSeconds: number;
  /** The limits of the run; Infinity means that there is none. */
  readonly budget: { readonly seconds: number; readonly epochs: number };
  /** The learning rate before warm-up and decay, and the factor, in (0, 1], that setbacks have left of it. */
  readonly learningRate: number;
  readonly rateFactor: number;
  readonly clipping: Clipping;
  /** The damping of Hessian-free optimisation. */
  readonly damping?: number;
  /** The gradient norms of the last updates, for an adaptive threshold. */
  readonly norms: readonly number[];
  /** The mean loss of the last updates, exponentially weighted; NaN before the first. */
  readonly smoothedLoss: number;
}
