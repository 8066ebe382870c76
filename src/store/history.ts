// Reads a run's history from disk.
import * as v from 'valibot';
import { languageModelMeasures } from '../protocol/metric.ts';
import type { RunSnapshot } from '../protocol/run.ts';

/** The most bytes of a history. An hour of the fastest training, a million updates, takes 100 MB. */
export const mostHistoryBytes = 250_000_000;

const finite = v.pipe(v.number(), v.finite());
const whole = v.pipe(finite, v.integer(), v.minValue(0));
/** JSON has no NaN and no infinity, so null stands for them. */
const real = v.pipe(
  v.nullable(finite),
  v.transform((value) => value ?? Number.NaN),
);
const at = { step: whole, seconds: finite };
/** The values of metrics, which are absent where a run is judged by its loss. */
const measured = {
  metric: v.exactOptional(real),
  furtherMetrics: v.exactOptional(v.record(v.string(), real)),
};
const confusion = v.object({
  classes: v.array(v.string()),
  counts: v.array(v.tuple([whole, whole, whole])),
  rows: v.array(
    v.object({ line: whole, text: v.string(), target: whole, predicted: whole, probability: finite }),
  ),
  isOfFile: v.boolean(),
});
const forecast = v.object({
  rows: whole,
  level: finite,
  columns: v.array(
    v.object({
      name: v.string(),
      before: v.array(finite),
      actual: v.array(finite),
      forecast: v.array(real),
      lower: v.array(real),
      upper: v.array(real),
      baselines: v.array(v.object({ name: v.string(), values: v.array(real) })),
    }),
  ),
});
const predicted = v.object({
  column: v.string(),
  level: finite,
  ofMean: finite,
  rows: v.array(v.object({ line: whole, actual: finite, predicted: real, lower: real, upper: real })),
});
const point = v.object({ rows: whole, value: finite });
const learningCurve = v.object({
  // Histories of earlier versions have curves of shares alone.
  lowerIsBetter: v.optional(v.boolean(), false),
  points: v.array(point),
  updates: whole,
  interval: v.nullable(v.tuple([finite, finite])),
  expected: point,
});
const alignment = v.object({
  source: v.array(v.string()),
  target: v.array(v.string()),
  weights: v.array(v.array(finite)),
});
/** Fields that a later version may add are kept. */
const object = v.looseObject;

const status = v.variant('kind', [
  object({ kind: v.literal('starting') }),
  object({ kind: v.literal('running') }),
  object({ kind: v.literal('paused') }),
  object({
    kind: v.literal('ended'),
    result: object({
      end: v.picklist(['budget', 'stopped', 'early stop', 'diverged']),
      steps: whole,
      tokens: whole,
      characters: whole,
      seconds: finite,
      tokensPerSecond: real,
      trainLoss: real,
      validationLoss: v.nullable(finite),
      bestStep: whole,
      confusion: v.exactOptional(confusion),
      learningCurve: v.exactOptional(learningCurve),
      forecast: v.exactOptional(forecast),
      predicted: v.exactOptional(predicted),
      ...measured,
    }),
  }),
  object({ kind: v.literal('failed'), message: v.string() }),
]);

const start = object({
  task: v.string(),
  layers: v.string(),
  engine: v.string(),
  engineReason: v.exactOptional(v.string()),
  fallback: v.nullable(v.string()),
  remarks: v.array(v.string()),
  parameters: whole,
  vocabulary: whole,
  tokens: v.exactOptional(object({ kind: v.picklist(['characters', 'words', 'pieces']), length: finite })),
  characters: whole,
  rows: v.exactOptional(object({ train: whole, heldOut: whole, skipped: whole, empty: whole })),
  lossUnit: v.string(),
  metric: v.nullable(object({ name: v.string(), unit: v.string(), lowerIsBetter: v.boolean() })),
  baselines: v.array(object({ name: v.string(), value: finite })),
  seconds: v.nullable(finite),
  epochs: v.nullable(finite),
  window: v.exactOptional(object({ k1: whole, k2: whole })),
  direction: v.exactOptional(v.picklist(['forward', 'backward'])),
  equations: v.exactOptional(v.record(v.string(), v.string())),
});

const progress = object({
  step: whole,
  seconds: finite,
  tokensPerSecond: finite,
  epoch: finite,
  fraction: finite,
  secondsLeft: v.nullable(finite),
  learningRate: finite,
  threshold: v.nullable(finite),
});

const passage = object({
  tokens: v.array(v.string()),
  read: whole,
  written: v.array(v.string()),
  surprise: v.array(real),
  vectors: v.record(
    v.string(),
    object({ width: whole, units: v.array(whole), values: v.array(v.array(real)) }),
  ),
  activation: v.record(v.string(), v.array(real)),
  path: v.nullable(
    object({
      state: v.string(),
      points: v.array(v.array(real)),
      explained: v.array(real),
      fixedPoints: v.exactOptional(v.array(object({ token: v.string(), point: v.array(real) }))),
    }),
  ),
  around: v.exactOptional(object({ at: whole, forward: v.array(real), backward: v.array(real) })),
  freeRunning: v.nullable(object({ forced: v.array(real), free: v.array(real) })),
});

const points = object({
  steps: v.array(object({ ...at, loss: real, gradientNorm: real, clip: v.nullable(finite) })),
  validations: v.array(object({ ...at, loss: real, ...measured })),
  /** The first versions' histories had no probes. */
  probes: v.optional(
    v.array(
      object({
        ...at,
        gradientByLag: v.record(v.string(), v.array(real)),
        saturation: v.record(v.string(), real),
        spectralRadius: v.record(v.string(), real),
        lyapunov: v.exactOptional(v.array(real)),
        passage: v.exactOptional(passage),
      }),
    ),
    [],
  ),
  samples: v.optional(
    v.array(
      object({
        step: whole,
        temperature: v.nullable(finite),
        text: v.string(),
        surprise: v.exactOptional(v.array(real)),
        alignments: v.exactOptional(v.array(alignment)),
      }),
    ),
    [],
  ),
  notes: v.optional(v.array(object({ step: whole, text: v.string() })), []),
});

const history = object({
  title: v.string(),
  /** The first versions' histories had no date. */
  date: v.optional(v.string(), ''),
  status,
  start: v.nullable(start),
  progress: v.nullable(progress),
  points,
});

/** Parses a history. @returns null when the text is not one */
export function parseHistory(text: string): RunSnapshot | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  return readHistory(json);
}

/** Reads a history that is no text any more. @returns null when it is not one */
export function readHistory(json: unknown): RunSnapshot | null {
  const parsed = v.safeParse(history, withMeasures(json), { abortEarly: true });
  return parsed.success ? parsed.output : null;
}

/** Adds what histories of the first versions leave unsaid: they knew one task, with two baselines. */
function withMeasures(json: unknown): unknown {
  const { start } = (json ?? {}) as { start?: Readonly<Record<string, unknown>> | null };
  if (start?.unigram === undefined) return json;
  const { unigram, uniform, ...others } = start;
  const baselines = Object.entries({ unigram, uniform }).map(([name, value]) => ({ name, value }));
  return {
    ...(json as object),
    start: { ...others, task: 'language model', ...languageModelMeasures, baselines },
  };
}
