// A checkpoint as a safetensors file holds it.
import type { Weights } from '../backend/engine.ts';
import { Problem } from '../protocol/problem.ts';
import type { Checkpoint } from '../training/checkpoint.ts';

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
