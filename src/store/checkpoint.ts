// Stores a checkpoint in a safetensors file.
import * as v from 'valibot';
import type { Weights } from '../backend/engine.ts';
import { Problem } from '../protocol/problem.ts';
import type { Checkpoint } from '../training/checkpoint.ts';

/** The name under which everything but the checkpoint's arrays is stored, as JSON. */
const metadataName = 'checkpoint';

/** Packs a checkpoint for a safetensors file, in which every array has one name and the rest is metadata. */
export function packCheckpoint({ weights, optimizer, states, best, cursor, ...rest }: Checkpoint): {
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
          place: cursor,
          optimizer: { ...counts, moments: moments.length },
          ...(states === undefined ? {} : { states: states === null ? 'initial' : 'carried' }),
          best: bestRest,
        },
        // JSON has no infinity and no NaN.
        (_, value) => (typeof value === 'number' && !Number.isFinite(value) ? String(value) : value),
      ),
    },
  };
}

const finite = v.pipe(v.number(), v.finite());
const whole = v.pipe(finite, v.safeInteger(), v.minValue(0));
const time = v.pipe(finite, v.minValue(0));
/** A limit of the run; Infinity means that there is none. */
const limit = v.pipe(v.number(), v.gtValue(0));
/** An upper bound of the number of moments that any optimiser keeps. */
const mostMoments = 2;
/** An upper bound of the number of norms that make an adaptive clipping threshold. */
const mostNorms = 1000;

const rest = v.object({
  optimizer: v.object({
    steps: whole,
    updates: whole,
    moments: v.pipe(whole, v.maxValue(mostMoments)),
  }),
  /** The loss is Infinity where nothing was held out. */
  best: v.object({
    loss: v.number(),
    step: whole,
    metric: v.exactOptional(finite),
    furtherMetrics: v.exactOptional(v.record(v.string(), finite)),
  }),
  states: v.exactOptional(v.picklist(['initial', 'carried'])),
  fruitlessLooks: v.exactOptional(whole),
  lastLook: v.exactOptional(whole),
  /** The cursor of the batches, under the name that files of earlier versions have. */
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
  damping: v.exactOptional(v.pipe(finite, v.gtValue(0))),
  norms: v.pipe(v.array(time), v.maxLength(mostNorms)),
  smoothedLoss: v.union([v.number(), v.nan()]),
});

/** Unpacks a checkpoint. @throws Problem when it was not made by `packCheckpoint` */
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
  const { optimizer, states, best, place, ...others } = parsed.output;
  return {
    ...others,
    cursor: place,
    weights: named('now'),
    ...(states === undefined ? {} : { states: states === 'initial' ? null : named('state') }),
    best: { ...best, weights: named('best') },
    optimizer: {
      ...optimizer,
      moments: Array.from({ length: optimizer.moments }, (_, index) => named(`moment ${index}`)),
    },
  };
}

/** Parses JSON. @returns undefined where the text is not JSON */
function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '', (_, value) =>
      value === 'Infinity' || value === 'NaN' ? Number(value) : value,
    );
  } catch {
    return undefined;
  }
}
