// All that a run goes on from: where it stands, to the optimiser's moments and the place in the text. What is
// not here is read anew: the streams' states, from the text before that place.
import type { OptimizerState, Weights } from '../backend/engine.ts';
import type { Clipping } from '../language/options.ts';
import type { Place } from './windows.ts';

export interface Checkpoint {
  readonly weights: Weights;
  readonly optimizer: OptimizerState;
  /** `loss` is Infinity where nothing was held out. */
  readonly best: { readonly weights: Weights; readonly loss: number; readonly step: number };
  readonly place: Place;
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
