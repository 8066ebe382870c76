// All that a run goes on from: where it stands, to the optimiser's moments and the place in the text. What is
// not here is read anew: the streams' states, from the text before that place.
import type { OptimizerState, Weights } from '../backend/engine.ts';
import type { Clipping } from '../language/options.ts';
import { Problem } from '../protocol/problem.ts';
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

/** What a checkpoint is besides its arrays, as JSON. */
const metadataName = 'checkpoint';

/** One name for every array, and one line for the rest: what a safetensors file holds. */
export function packCheckpoint({ weights, optimizer, best, ...rest }: Checkpoint): {
  readonly weights: Weights;
  readonly metadata: Readonly<Record<string, string>>;
} {
  const { moments, ...counts } = optimizer;
  const { weights: bestWeights, ...bestRest } = best;
  const named = (prefix: string, of: Weights) =>
    [...of].map(([name, weight]) => [`${prefix}/${name}`, weight] as const);
  return {
    weights: new Map([
      ...named('now', weights),
      ...named('best', bestWeights),
      ...moments.flatMap((moment, index) => named(`moment ${index}`, moment)),
    ]),
    metadata: {
      [metadataName]: JSON.stringify(
        { ...rest, optimizer: { ...counts, moments: moments.length }, best: bestRest },
        // JSON knows no infinity and no NaN.
        (_, value) => (typeof value === 'number' && !Number.isFinite(value) ? String(value) : value),
      ),
    },
  };
}

/** @throws Problem when it is not one that `packCheckpoint` has made. */
export function unpackCheckpoint(packed: {
  readonly weights: Weights;
  readonly metadata: Readonly<Record<string, string>>;
}): Checkpoint {
  const named = (prefix: string): Weights =>
    new Map(
      [...packed.weights].flatMap(([name, weight]) =>
        name.startsWith(`${prefix}/`) ? [[name.slice(prefix.length + 1), weight]] : [],
      ),
    );
  try {
    const { optimizer, best, ...rest } = JSON.parse(packed.metadata[metadataName], (_, value) =>
      value === 'Infinity' || value === 'NaN' ? Number(value) : value,
    );
    return {
      ...rest,
      weights: named('now'),
      best: { ...best, weights: named('best') },
      optimizer: {
        ...optimizer,
        moments: Array.from({ length: optimizer.moments }, (_, index) => named(`moment ${index}`)),
      },
    };
  } catch {
    throw new Problem('The checkpoint of this run is damaged: it cannot go on. Train the model again.');
  }
}
