// The manifest, `model.json`, holds everything about a trained model except its numbers.
import * as v from 'valibot';
import { mostLayers, mostUnits } from '../protocol/limits.ts';
import { bitsPerCharacter, metricOf } from '../protocol/metric.ts';
import type { Outcome } from '../protocol/outcome.ts';
import { Problem } from '../protocol/problem.ts';
import { tableFormats, taggedFormats, taskNames } from '../protocol/task.ts';
import { partPatterns } from './names.ts';

const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const finite = v.pipe(v.number(), v.finite());
const width = v.pipe(whole, v.maxValue(mostUnits));

/** The version of the format, which is raised by changes that older versions cannot read. */
const version = 3;

/**
 * The fields that manifests of earlier versions lack: a run's files had fixed names, and before that, tokens
 * were characters.
 */
const unsaid: Readonly<Record<number, object>> = {
  1: { version: 2, tokens: { kind: 'characters', longer: [] } },
  2: { version: 3, checkpoint: 'checkpoint.safetensors', history: 'history.json' },
};

/** The most bytes of a manifest, and the most characters of a cell. */
export const mostManifestBytes = 16_000_000;
const mostCellCharacters = 1_000_000;

/**
 * The number of code points, which bounds that of characters, and the most symbols that any tokenizer may
 * have learned.
 */
const codePoints = 0x110000;
const mostSymbols = 100_000;

/** The characters are single code points, after an empty entry for the rare ones. */
const characters = v.pipe(
  v.array(v.string()),
  v.minLength(2),
  v.maxLength(mostSymbols),
  v.check((all) => all[0] === '' && all.slice(1).every((each) => [...each].length === 1)),
  v.check((all) => new Set(all).size === all.length),
);

/** The fields that describe a tokenizer. */
export const tokenFields = {
  vocabulary: v.object({
    characters,
    rareKinds: v.pipe(whole, v.minValue(1), v.maxValue(codePoints)),
  }),
  /**
   * The tokens that the network reads: the characters of the vocabulary, then symbols of several characters.
   */
  tokens: v.object({
    kind: v.picklist(['characters', 'words', 'pieces']),
    longer: v.pipe(v.array(v.pipe(v.string(), v.minLength(2))), v.maxLength(mostSymbols)),
  }),
};

/** A text that VS Code reads as a URI. */
const uri = v.pipe(v.string(), v.regex(/^[a-z][\w+.-]*:(?!\/{4})/i));

/** The columns of a table that an acceptor reads and writes, and its classes. */
const table = v.object({
  format: v.picklist(tableFormats),
  /** The names of the columns. */
  reads: v.pipe(v.array(v.string()), v.minLength(1)),
  writes: v.string(),
  /** Whether JSON Lines have labels that are numbers bare; older models do not say it. */
  isBare: v.optional(v.boolean(), false),
  /** The labels, by their output. */
  classes: v.pipe(v.array(v.string()), v.minLength(2), v.maxLength(mostUnits)),
  pool: v.picklist(['last', 'mean', 'max']),
  /** Whether the run was measured on a file of its own, which is not kept. */
  heldOutApart: v.boolean(),
});

/** Characters by their tokens, after an empty entry for the rare ones. Symbols may be too few for a text. */
const symbols = v.object({
  characters: v.pipe(
    v.array(v.string()),
    v.minLength(1),
    v.maxLength(mostSymbols),
    v.check((all) => all[0] === '' && all.slice(1).every((each) => [...each].length === 1)),
    v.check((all) => new Set(all).size === all.length),
  ),
  rareKinds: v.pipe(whole, v.minValue(1), v.maxValue(codePoints)),
});

const moment = v.object({ mean: finite, deviation: v.pipe(finite, v.gtValue(0)) });
const moments = v.array(moment);

/** The pairs of texts of an encoder-decoder. */
const pairs = v.object({
  format: v.picklist(tableFormats),
  /** The names of the columns. */
  reads: v.pipe(v.array(v.string()), v.minLength(1)),
  writes: v.string(),
  source: v.variant('kind', [
    v.object({ kind: v.literal('characters'), ...symbols.entries }),
    v.object({
      kind: v.literal('category'),
      categories: v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(mostUnits)),
    }),
    v.object({
      kind: v.literal('numbers'),
      standardisation: v.pipe(moments, v.minLength(1), v.maxLength(mostUnits)),
    }),
  ]),
  /** Whether JSON Lines have targets that are numbers bare; older models do not say it. */
  isBare: v.optional(v.boolean(), false),
  target: symbols,
  longest: v.pipe(whole, v.minValue(1)),
  heldOutApart: v.boolean(),
});

const columns = v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(mostUnits));

/** The columns that a forecaster reads and predicts. */
const series = v.pipe(
  v.object({
    format: v.picklist(tableFormats),
    /** The names of the columns. */
    reads: columns,
    writes: columns,
    time: v.nullable(v.string()),
    standardisation: v.object({ reads: moments, writes: moments }),
  }),
  v.check(
    ({ reads, writes, standardisation }) =>
      reads.length === standardisation.reads.length && writes.length === standardisation.writes.length,
  ),
);

/** The columns of a table that a regressor reads and predicts, and how its numbers are scaled. */
const regression = v.pipe(
  v.object({
    format: v.picklist(tableFormats),
    /** The names of the columns. */
    reads: columns,
    writes: v.string(),
    kind: v.picklist(['text', 'numbers']),
    pool: v.picklist(['last', 'mean', 'max']),
    standardisation: v.object({ reads: v.nullable(moment), writes: moment }),
    decimals: v.pipe(whole, v.maxValue(100)),
    heldOutApart: v.boolean(),
  }),
  v.check(({ kind, standardisation }) => (kind === 'numbers') === (standardisation.reads !== null)),
);

/** The columns and tags that a transducer reads and writes. */
const tagging = v.object({
  format: v.picklist(taggedFormats),
  /** The numbers of the columns that were named. */
  reads: v.nullable(v.array(v.string())),
  writes: v.nullable(v.string()),
  /** The number of columns; null where there are none. */
  width: v.nullable(whole),
  /** The features of words, by their tokens. */
  features: v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(mostSymbols)),
  /** The tags, by their output. */
  classes: v.pipe(v.array(v.string()), v.minLength(2), v.maxLength(mostUnits)),
  /** Whether the run was measured on a file of its own, which is not kept. */
  heldOutApart: v.boolean(),
});

const layer = v.object({
  cell: v.string(),
  hidden: v.pipe(width, v.minValue(1)),
  bidirectional: v.exactOptional(v.boolean()),
});

const manifest = v.object({
  format: v.literal('unroll-model'),
  version: v.literal(version),
  /** The task of the network. Models of older versions lack this and are language models. */
  task: v.optional(v.picklist(taskNames), 'language model'),
  /** The table of an acceptor; null for a model of a text. */
  table: v.optional(v.nullable(table), null),
  /** The pairs of an encoder-decoder; null for another model. */
  pairs: v.optional(v.nullable(pairs), null),
  /** The table of a regressor; null for other models. */
  regression: v.optional(v.nullable(regression), null),
  /** The numbers of a forecaster; null for other models. */
  series: v.optional(v.nullable(series), null),
  /** The tagged text of a transducer; null for another model. */
  tagging: v.optional(v.nullable(tagging), null),
  /** The name of the file with the weights, in the same folder. */
  weights: v.pipe(v.string(), v.regex(partPatterns.weights)),
  /**
   * The name of the file with the training text: completion counts n-grams in it, and the run can go on with
   * it.
   */
  text: v.nullable(v.pipe(v.string(), v.regex(partPatterns.text))),
  /** The name of the file with the checkpoint; null where there is none. */
  checkpoint: v.optional(v.nullable(v.pipe(v.string(), v.regex(partPatterns.checkpoint))), null),
  /** The name of the file with the run's history; null where there is none. */
  history: v.optional(v.nullable(v.pipe(v.string(), v.regex(partPatterns.history))), null),
  /** The tokens that are read; null where numbers are, or pairs, which have vocabularies of their own. */
  vocabulary: v.nullable(tokenFields.vocabulary),
  tokens: v.nullable(tokenFields.tokens),
  architecture: v.object({
    embedding: width,
    layers: v.pipe(v.array(layer), v.minLength(1), v.maxLength(mostLayers)),
    tied: v.boolean(),
    /** The layers that read the source of an encoder-decoder. */
    encoder: v.exactOptional(v.pipe(v.array(layer), v.maxLength(mostLayers))),
  }),
  /** The direction in which the network reads; a backward one suggests nothing. */
  direction: v.picklist(['forward', 'backward']),
  /** The text of the cells that `layers` names. */
  cells: v.pipe(
    v.record(v.string(), v.pipe(v.string(), v.maxLength(mostCellCharacters))),
    v.maxEntries(2 * mostLayers),
  ),
  /** The options of the run, which are only for the record. */
  options: v.record(v.string(), v.unknown()),
  /** The request for the run, so that it can be repeated. */
  wishes: v.optional(
    v.object({
      settings: v.record(v.string(), v.unknown()),
      definition: v.nullable(v.string()),
      /** The values of the command line, which override the definition; absent where there are none. */
      options: v.exactOptional(v.record(v.string(), v.unknown())),
      cell: v.nullable(v.string()),
    }),
  ),
  /** Whether the run has come to its end; there is a model before that, too. */
  finished: v.optional(v.boolean(), true),
  /**
   * Whether the model was trained for a comparison with others. Such a model suggests nothing where there is
   * another one.
   */
  compared: v.optional(v.boolean(), false),
  provenance: v.object({
    /** The name of the training text: a path or a title. Its URI follows where it has one. */
    source: v.string(),
    uri: v.nullable(uri),
    /**
     * The glob of a text of several files below the folder `uri`. Models from before there were such texts
     * lack it.
     */
    pattern: v.optional(v.nullable(v.string()), null),
    languageId: v.string(),
    characters: whole,
    /** The digest of a long text, of which only the end is in the folder; null where all of it is. */
    digest: v.optional(v.nullable(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))), null),
    /** The date in ISO 8601. */
    date: v.pipe(
      v.string(),
      v.check((text) => !Number.isNaN(Date.parse(text))),
    ),
    engine: v.string(),
    unroll: v.string(),
    /** The origin of weights that were not trained here; null if they were. */
    imported: v.optional(
      v.nullable(
        v.object({
          /** The folder that was imported. */
          folder: v.string(),
          /** The program that trained them, such as `PyTorch 2.4.0`. */
          program: v.string(),
        }),
      ),
      null,
    ),
  }),
  /** The number of trained parameters. */
  parameters: v.optional(whole),
  /** The loss on the held-out part at update `step`; null where nothing was held out. */
  validationLoss: v.nullable(finite),
  /** The unit of that loss. Language models of older versions lack it. */
  lossUnit: v.optional(v.string(), bitsPerCharacter),
  /**
   * The metric that the model is judged by, with its value on the held-out part at update `step`; null where that
   * is the loss itself. The value is null where nothing was held out.
   */
  metric: v.optional(
    v.nullable(
      v.object({ name: v.string(), unit: v.string(), lowerIsBetter: v.boolean(), value: v.nullable(finite) }),
    ),
    null,
  ),
  /**
   * Whether the weights were trained on the held-out text afterwards; `validationLoss` is then that of the
   * weights before. Models of older versions lack this.
   */
  learnedHeldOut: v.optional(v.boolean()),
  step: whole,
});

export type Manifest = v.InferOutput<typeof manifest>;

/** The manifest of a model that reads tokens of one vocabulary. */
export type ManifestOfTokens = Manifest & {
  readonly vocabulary: NonNullable<Manifest['vocabulary']>;
  readonly tokens: NonNullable<Manifest['tokens']>;
};

/** The manifest as it may be in the file, without the fields that have defaults. */
type ManifestFile = v.InferInput<typeof manifest>;

/** Makes the manifest of a new model. @throws when a field has a value that no model has, which is a bug */
export function makeManifest(contents: Omit<ManifestFile, 'format' | 'version'>): Manifest {
  return v.parse(manifest, { format: 'unroll-model', version, ...contents });
}

/** Returns what the model has come to on the held-out part; null where nothing was held out. */
export function heldOutOutcome(
  manifest: Pick<Manifest, 'lossUnit' | 'metric' | 'validationLoss'>,
): Outcome | null {
  const value = manifest.metric ? manifest.metric.value : manifest.validationLoss;
  return value === null ? null : { metric: metricOf(manifest), value };
}

/** Parses a manifest. @throws Problem when the text is not the manifest of a model that this version reads */
export function parseManifest(text: string): Manifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Problem('This is not an Unroll model: its model.json is damaged. Train the model again.');
  }
  const { format, version: found } = (json ?? {}) as Record<string, unknown>;
  if (format !== 'unroll-model')
    throw new Problem('This is not an Unroll model: its model.json is something else.');
  let said = json as Record<string, unknown>;
  while (typeof said.version === 'number' && Object.hasOwn(unsaid, said.version))
    said = { ...said, ...unsaid[said.version] };
  if (typeof found !== 'number')
    throw new Problem('The model.json of this model is damaged at `version`. Train the model again.');
  if (said.version !== version)
    throw new Problem(
      `This model was written by another version of Unroll (format ${found}; this one reads ${version}). Train the model again.`,
    );
  const parsed = v.safeParse(manifest, said, { abortEarly: true });
  const missing = parsed.success ? misplaced(parsed.output) : null;
  if (parsed.success && missing === null) return parsed.output;
  const at = parsed.success ? missing : (parsed.issues[0].path?.map(({ key }) => key).join('.') ?? '');
  throw new Problem(`The model.json of this model is damaged at \`${at}\`. Train the model again.`);
}

/** Returns the field that a task must have and others must not, where that is otherwise; null where it is so. */
function misplaced(manifest: Manifest): string | null {
  const { task, table, regression, tagging, pairs, series, vocabulary, tokens, architecture } = manifest;
  if ((task === 'acceptor') !== (table !== null)) return 'table';
  if ((task === 'regressor') !== (regression !== null)) return 'regression';
  if ((task === 'transducer') !== (tagging !== null)) return 'tagging';
  const isOfPairs = task === 'encoder-decoder';
  if (isOfPairs !== (pairs !== null)) return 'pairs';
  if (isOfPairs !== (architecture.encoder !== undefined)) return 'architecture.encoder';
  const isOfNumbers = task === 'forecaster';
  if (isOfNumbers !== (series !== null)) return 'series';
  const hasTokens = !isOfNumbers && !isOfPairs && regression?.kind !== 'numbers';
  if (hasTokens !== (vocabulary !== null)) return 'vocabulary';
  return hasTokens === (tokens !== null) ? null : 'tokens';
}
