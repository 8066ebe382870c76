// A checkpoint as a safetensors file holds it.
import * as v from 'valibot';
import type { Weights } from '../backend/engine.ts';
import { Problem } from '../protocol/problem.ts';
import type { Checkpoint } from '../training/checkpoint.ts';

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

const finite = v.pipe(v.number(), v.finite());
const whole = v.pipe(finite, v.safeInteger(), v.minValue(0));
const time = v.pipe(finite, v.minValue(0));
/** Infinity is no limit. */
const limit = v.pipe(v.number(), v.gtValue(0));
/** More than any optimiser keeps. */
const mostMoments = 2;
/** More than a clipping threshold is the mean of. */
const mostNorms = 1000;

const rest = v.object({
  optimizer: v.object({
    steps: whole,
    updates: whole,
    moments: v.pipe(whole, v.maxValue(mostMoments)),
  }),
  /** Infinity where nothing was held out. */
  best: v.object({ loss: v.number(), step: whole }),
  states: v.exactOptional(v.picklist(['initial', 'carried'])),
  fruitlessLooks: v.exactOptional(whole),
  lastLook: v.exactOptional(whole),
  place: v.object({ position: whole, epoch: whole }),
  step: whole,
  tokens: whole,
  seconds: time,
  trainingSeconds: time,
  budget: v.object({ seconds: limit, epochs: limit }),
  learningRate: time,
  rateFactor: time,
  clipping: v.variant('kind', [
    v.object({ kind: v.literal('none') }),
    v.object({ kind: v.literal('norm'), threshold: time }),
    v.object({ kind: v.literal('adaptive'), factor: time }),
  ]),
  norms: v.pipe(v.array(time), v.maxLength(mostNorms)),
  smoothedLoss: v.union([v.number(), v.nan()]),
});

/** @throws Problem when it is not one that `packCheckpoint` has made */
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
  const parsed = v.safeParse(rest, parse(packed.metadata[metadataName]), { abortEarly: true });
  if (!parsed.success)
    throw new Problem('The checkpoint of this run is damaged: it cannot go on. Train the model again.');
  const { optimizer, states, best, ...others } = parsed.output;
  return {
    ...others,
    weights: named('now'),
    ...(states === undefined ? {} : { states: states === 'initial' ? null : named('state') }),
    best: { ...best, weights: named('best') },
    optimizer: {
      ...optimizer,
      moments: Array.from({ length: optimizer.moments }, (_, index) => named(`moment ${index}`)),
    },
  };
}

/** undefined where it is no JSON. */
function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '', (_, value) =>
      value === 'Infinity' || value === 'NaN' ? Number(value) : value,
    );
  } catch {
    return undefined;
  }
}
