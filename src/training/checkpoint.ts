// All that a run goes on from: the weights, the optimiser's moments, the place in the text and the streams' states there.
import type { OptimizerState, Weights } from '../backend/engine.ts';
import type { StreamPosition } from '../data/text/truncatedBpttWindows.ts';
import type { Clipping } from '../language/options.ts';

export interface Checkpoint {
  readonly weights: Weights;
  readonly optimizer: OptimizerState;
  /**
   * Where the streams are, see `TrainableNetwork.states`; null is h[0]. Checkpoints of older versions do not say: the
   * text before `place` is read again.
   */
  readonly states?: Weights | null;
  /** The state that validation found best. `loss` is Infinity before it has looked, and where nothing is held out. */
  readonly best: { readonly weights: Weights; readonly loss: number; readonly step: number };
  /** Looks at the held-out text since then, and the update after the last one; not in those of older versions. */
  readonly fruitlessLooks?: number;
  readonly lastLook?: number;
  readonly place: StreamPosition;
  readonly step: number;
  readonly tokens: number;
  /** Spent by then, pauses left out; and of those, in training alone. */
  readonly seconds: number;
  readonly trainingSeconds: number;
  /** Infinity is no limit. */
  readonly budget: { readonly seconds: number; readonly epochs: number };
  readonly learningRate: number;
  readonly rateFactor: number;
  readonly clipping: Clipping;
  /** Of the last updates, for a threshold that adapts. */
  readonly norms: readonly number[];
  readonly smoothedLoss: number;
}
