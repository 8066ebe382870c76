// All that a run goes on from: the weights, the optimiser's moments, the place in the text and the streams' states there.
import type { OptimizerState, Weights } from '../backend/engine.ts';
import type { Clipping } from '../language/options.ts';
import { Problem } from '../protocol/problem.ts';
import type { Place } from './windows.ts';

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
export function packCheckpoint({ weights, optimizer, states, best, ...rest }: Checkpoint): {
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
      ...named('state', states ?? new Map()),
      ...moments.flatMap((moment, index) => named(`moment ${index}`, moment)),
    ]),
    metadata: {
      [metadataName]: JSON.stringify(
        {
          ...rest,
          optimizer: { ...counts, moments: moments.length },
          ...(states === undefined ? {} : { states: states === null ? 'initial' : 'carried' }),
          best: bestRest,
        },
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
    const { optimizer, states, best, ...rest } = JSON.parse(packed.metadata[metadataName], (_, value) =>
      value === 'Infinity' || value === 'NaN' ? Number(value) : value,
    );
    return {
      ...rest,
      weights: named('now'),
      ...(states === undefined ? {} : { states: states === 'initial' ? null : named('state') }),
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
