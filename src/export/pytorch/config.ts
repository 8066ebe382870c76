// config.json of an exported folder: the network and its training, which may be edited there.
import * as v from 'valibot';
import { readCells } from '../../language/check.ts';
import { layersText } from '../../language/options/layers.ts';
import { taskWithDefaults, trainWithDefaults } from '../../language/options/optionDefaults.ts';
import type { Clipping, LayerOptions, Optimizer, TrainOptions } from '../../language/options/options.ts';
import { mostLayers, mostUnits } from '../../protocol/limits.ts';
import { Problem } from '../../protocol/problem.ts';
import type { Manifest } from '../../store/manifest.ts';
import { version as unroll } from '../../version.ts';
import type { ExchangedModel } from '../exchangedModel.ts';

export const configName = 'config.json';

/** The version of the format, which is raised by changes that older versions cannot read. */
const version = 1;

const finite = v.pipe(v.number(), v.finite());
const whole = v.pipe(finite, v.safeInteger(), v.minValue(0));
const count = v.pipe(whole, v.minValue(1));
const width = v.pipe(whole, v.maxValue(mostUnits));
const rate = v.pipe(finite, v.minValue(0));
const limit = v.nullable(v.pipe(finite, v.gtValue(0)));

const optimizer = v.variant('kind', [
  v.object({ kind: v.literal('sgd') }),
  v.object({
    kind: v.picklist(['momentum', 'nesterov']),
    momentum: rate,
    schedule: v.exactOptional(v.literal('rising')),
  }),
  v.object({ kind: v.literal('rmsprop'), rho: rate, epsilon: rate }),
  v.object({
    kind: v.picklist(['adam', 'adamw']),
    beta1: rate,
    beta2: rate,
    epsilon: rate,
    weightDecay: rate,
  }),
]);

/** The number of steps at a row's end whose targets are learned; null for all. */
const taught = v.nullable(v.pipe(count, v.finite()));
const columns = v.pipe(v.array(v.string()), v.minLength(1));

/** The task of the network, with the columns that it reads and writes. */
const task = v.variant('kind', [
  v.object({
    kind: v.literal('acceptor'),
    reads: columns,
    writes: v.string(),
    pool: v.picklist(['last', 'mean', 'max']),
    taught,
  }),
  v.object({
    kind: v.literal('regressor'),
    reads: columns,
    writes: v.string(),
    /** Whether a step is a token of a text, or a number. */
    sequence: v.picklist(['text', 'numbers']),
    pool: v.picklist(['last', 'mean', 'max']),
    taught,
  }),
  v.object({
    kind: v.literal('transducer'),
    reads: v.nullable(columns),
    writes: v.nullable(v.string()),
    taught,
  }),
  v.object({
    kind: v.literal('encoder-decoder'),
    reads: columns,
    writes: v.string(),
    source: v.picklist(['tokens', 'numbers']),
  }),
  v.object({ kind: v.literal('forecaster'), reads: columns, writes: columns }),
]);

export type ConfigTask = v.InferOutput<typeof task>;

const layer = v.strictObject({
  cell: v.string(),
  hidden: v.pipe(width, v.minValue(1)),
  bidirectional: v.exactOptional(v.boolean()),
});

const config = v.object({
  format: v.literal('unroll-pytorch'),
  version: v.literal(version),
  model: v.object({
    embedding: width,
    /** The layers that read the source of an encoder-decoder. */
    encoder: v.exactOptional(v.pipe(v.array(layer), v.maxLength(mostLayers))),
    layers: v.pipe(v.array(layer), v.minLength(1), v.maxLength(mostLayers)),
    tied: v.boolean(),
    dropout: v.pipe(rate, v.ltValue(1)),
    direction: v.picklist(['forward', 'backward']),
  }),
  train: v.object({
    k1: count,
    k2: count,
    batch: count,
    reset: v.pipe(rate, v.maxValue(1)),
    optimizer,
    learningRate: rate,
    warmup: whole,
    decay: v.picklist(['none', 'linear', 'cosine']),
    clipping: v.variant('kind', [
      v.object({ kind: v.literal('none') }),
      v.object({ kind: v.literal('norm'), threshold: rate }),
      v.object({ kind: v.literal('adaptive'), factor: rate }),
    ]),
    l1: rate,
    l2: rate,
    seconds: limit,
    epochs: limit,
    patience: v.nullable(whole),
    // Folders of earlier versions do not say it.
    recover: v.optional(v.boolean(), true),
    classWeights: v.optional(v.picklist(['none', 'balanced']), 'none'),
    scheduledSampling: v.optional(v.pipe(rate, v.maxValue(1)), 0),
    dropoutSchedule: v.optional(v.picklist(['constant', 'rising']), 'constant'),
    seed: whole,
  }),
  /** Null for a language model. */
  task: v.optional(v.nullable(task), null),
  /** Whether the exported weights have been trained on the held-out part, after it had been measured on. */
  learnedHeldOut: v.boolean(),
  source: v.object({
    source: v.string(),
    uri: v.nullable(v.string()),
    pattern: v.nullable(v.string()),
    languageId: v.string(),
  }),
  /** The SHA-256 of model.py as it was written. */
  modelDigest: v.string(),
  unroll: v.string(),
});

export type Config = v.InferOutput<typeof config>;

/** Makes the configuration of a model. Options that it does not know, as in models of older versions, get defaults. */
export function makeConfig(manifest: Manifest, modelDigest: string): Config {
  const { architecture, direction, options, provenance, learnedHeldOut, finished } = manifest;
  const { source, uri, pattern, languageId } = provenance;
  const defaults = trainWithDefaults();
  const known = Object.fromEntries(
    Object.entries(defaults).map(([name, value]) => {
      const said = v.safeParse(config.entries.train.entries[name as keyof TrainOptions], options[name]);
      return [name, said.success ? said.output : value];
    }),
  );
  const dropout = v.safeParse(config.entries.model.entries.dropout, options.dropout);
  return v.parse(config, {
    format: 'unroll-pytorch',
    version,
    model: {
      ...architecture,
      ...(architecture.encoder && { encoder: architecture.encoder.map(layerOf) }),
      layers: architecture.layers.map(layerOf),
      dropout: dropout.success ? dropout.output : 0,
      direction,
    },
    train: known,
    task: taskOf(manifest),
    // Older versions did not store it, and their finished models may have learned that part.
    learnedHeldOut: learnedHeldOut ?? finished,
    source: { source, uri, pattern, languageId },
    modelDigest,
    unroll,
  });
}

const layerOf = ({ cell, hidden, bidirectional }: LayerOptions) => ({
  cell,
  hidden,
  ...(bidirectional && { bidirectional }),
});

/** Returns what a network is for; null for a language model. */
function taskOf({ table, regression, tagging, pairs, series, wishes }: Manifest): ConfigTask | null {
  const said = readCells(wishes?.definition ?? '').task;
  const teach = said ? taskWithDefaults(said).teach : null;
  const taught = (usual: number | null) => (teach === null ? usual : teach === 'every step' ? null : teach);
  if (table) {
    const { reads, writes, pool } = table;
    return { kind: 'acceptor', reads, writes, pool, taught: taught(1) };
  }
  if (regression) {
    const { reads, writes, kind: sequence, pool } = regression;
    return { kind: 'regressor', reads, writes, sequence, pool, taught: taught(1) };
  }
  if (tagging) {
    const { reads, writes } = tagging;
    return { kind: 'transducer', reads, writes, taught: taught(null) };
  }
  if (pairs) {
    const { reads, writes, source } = pairs;
    return {
      kind: 'encoder-decoder',
      reads,
      writes,
      source: source.kind === 'numbers' ? 'numbers' : 'tokens',
    };
  }
  return series && { kind: 'forecaster', reads: series.reads, writes: series.writes };
}

/** Parses config.json. @throws Problem when a value in it is none that it can have */
export function parseConfig(text: string): Config {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Problem(
      `${configName} is not valid JSON: ${(error as Error).message}. Mend it, or export the model again.`,
    );
  }
  const { format, version: found } = (json ?? {}) as Record<string, unknown>;
  if (format !== 'unroll-pytorch')
    throw new Problem(
      `${configName} is not that of a model exported for PyTorch. Name the folder that was exported.`,
    );
  if (found !== version)
    throw new Problem(
      `This folder was exported by another version of Unroll (format ${found}; this one reads ${version}). Export the model again.`,
    );
  const parsed = v.safeParse(config, json, { abortEarly: true });
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const at = issue.path?.map(({ key }) => key).join('.') ?? '';
  throw new Problem(`${configName} has a mistake at \`${at}\`: ${issue.message}. Mend it there.`);
}

/** The settings with which the same network would be trained here. */
export function settingsOf({
  model,
  train,
}: Pick<ExchangedModel, 'train'> & {
  readonly model: ExchangedModel['model'] & { readonly encoder?: readonly LayerOptions[] };
}): Record<string, unknown> {
  const { optimizer, clipping, ...others } = train;
  const { layers, encoder = [], ...rest } = model;
  const flat = (kind: string, { kind: value, ...own }: Optimizer | Clipping) => {
    const { schedule, ...numbers } = own as { schedule?: string };
    return { [kind]: value, ...numbers, ...(schedule && { momentumSchedule: schedule }) };
  };
  const all = { ...others, ...flat('optimizer', optimizer), ...flat('clipping', clipping) };
  return Object.fromEntries([
    ...Object.entries(rest).map(([name, value]) => [`model.${name}`, value]),
    ['model.layers', layersText(layers)],
    // The source of a network without an encoder's layers is a category, or there is none.
    ...(encoder.length > 0 ? [['model.encoder', layersText(encoder)]] : []),
    ...Object.entries(all).map(([name, value]) => [`train.${name}`, value]),
  ]);
}
