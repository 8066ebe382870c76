// `model.json`: everything about a trained model but its numbers.
import * as v from 'valibot';
import { mostLayers, mostUnits } from '../protocol/limits.ts';
import { Problem } from '../protocol/problem.ts';
import { partPatterns } from './names.ts';

const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const finite = v.pipe(v.number(), v.finite());
const width = v.pipe(whole, v.maxValue(mostUnits));

/** A change that older versions cannot read raises this. */
const version = 3;

/** What earlier versions left unsaid: a run's files had fixed names, and before that, tokens were characters. */
const unsaid: Readonly<Record<number, object>> = {
  1: { version: 2, tokens: { kind: 'characters', longer: [] } },
  2: { version: 3, checkpoint: 'checkpoint.safetensors', history: 'history.json' },
};

/** Bytes of a manifest, and characters of a cell. */
export const mostManifestBytes = 16_000_000;
const mostCellCharacters = 1_000_000;

/** There are as many characters as code points, and as many symbols as a tokenizer may ever have learned. */
const codePoints = 0x110000;
const mostSymbols = 100_000;

/** Symbols of one code point each, after the one that stands for all others. */
const characters = v.pipe(
  v.array(v.string()),
  v.minLength(2),
  v.maxLength(mostSymbols),
  v.check((all) => all[0] === '' && all.slice(1).every((each) => [...each].length === 1)),
  v.check((all) => new Set(all).size === all.length),
);

/** What VS Code reads as a URI. */
const uri = v.pipe(v.string(), v.regex(/^[a-z][\w+.-]*:(?!\/{4})/i));

const manifest = v.object({
  format: v.literal('unroll-model'),
  version: v.literal(version),
  /** File with the weights, beside this one. */
  weights: v.pipe(v.string(), v.regex(partPatterns.weights)),
  /** File with the text that was trained on: completion recalls its end exactly, and the run can go on with it. */
  text: v.nullable(v.pipe(v.string(), v.regex(partPatterns.text))),
  /** File with what the run goes on from; null where there is none. */
  checkpoint: v.optional(v.nullable(v.pipe(v.string(), v.regex(partPatterns.checkpoint))), null),
  /** File with the run's history; null where there is none. */
  history: v.optional(v.nullable(v.pipe(v.string(), v.regex(partPatterns.history))), null),
  vocabulary: v.object({
    characters,
    rareKinds: v.pipe(whole, v.minValue(1), v.maxValue(codePoints)),
  }),
  /** What the network reads: the characters of the vocabulary, then symbols of several characters. */
  tokens: v.object({
    kind: v.picklist(['characters', 'words', 'pieces']),
    longer: v.pipe(v.array(v.pipe(v.string(), v.minLength(2))), v.maxLength(mostSymbols)),
  }),
  architecture: v.object({
    embedding: width,
    layers: v.pipe(
      v.array(v.object({ cell: v.string(), hidden: v.pipe(width, v.minValue(1)) })),
      v.minLength(1),
      v.maxLength(mostLayers),
    ),
    tied: v.boolean(),
  }),
  /** How it reads the text: one that reads backward suggests nothing. */
  direction: v.picklist(['forward', 'backward']),
  /** Text of the cells that `layers` names. */
  cells: v.pipe(
    v.record(v.string(), v.pipe(v.string(), v.maxLength(mostCellCharacters))),
    v.maxEntries(mostLayers),
  ),
  /** As the run had them; for the record. */
  options: v.record(v.string(), v.unknown()),
  /** What the run was asked for, so that it can be asked for again. */
  wishes: v.optional(
    v.object({
      settings: v.record(v.string(), v.unknown()),
      definition: v.nullable(v.string()),
      cell: v.nullable(v.string()),
    }),
  ),
  /** Whether the run has come to its end; a model is one before, too. */
  finished: v.optional(v.boolean(), true),
  /** Trained beside others, to be compared with them: it suggests nothing where there is another model. */
  compared: v.optional(v.boolean(), false),
  provenance: v.object({
    /** The text that was trained on: a path or a title, and its URI where it has one. */
    source: v.string(),
    uri: v.nullable(uri),
    /** A glob, where it was files below the folder `uri`. Models from before there were such say nothing. */
    pattern: v.optional(v.nullable(v.string()), null),
    languageId: v.string(),
    characters: whole,
    /** ISO 8601. */
    date: v.pipe(
      v.string(),
      v.check((text) => !Number.isNaN(Date.parse(text))),
    ),
    engine: v.string(),
    unroll: v.string(),
  }),
  /** How many numbers are trained. */
  parameters: v.optional(whole),
  /**
   * In bits per character, measured on the held-out text when the run had got to `step`; null where nothing was held
   * out.
   */
  validationLoss: v.nullable(finite),
  /**
   * Whether the weights have learned the held-out text too after that: `validationLoss` is then that of the weights
   * before it. Models of older versions do not say.
   */
  learnedHeldOut: v.optional(v.boolean()),
  step: whole,
});

export type Manifest = v.InferOutput<typeof manifest>;

/** What need not be said is filled in. */
type ManifestFile = v.InferInput<typeof manifest>;

export function makeManifest(contents: Omit<ManifestFile, 'format' | 'version'>): Manifest {
  return v.parse(manifest, { format: 'unroll-model', version, ...contents });
}

/** @throws Problem when the text is not the manifest of a model that this version reads. */
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
  if (parsed.success) return parsed.output;
  const at = parsed.issues[0].path?.map(({ key }) => key).join('.') ?? '';
  throw new Problem(`The model.json of this model is damaged at \`${at}\`. Train the model again.`);
}
