// `model.json`: everything about a trained model but its numbers.
import * as v from 'valibot';
import { Problem } from '../protocol/problem.ts';

const whole = v.pipe(v.number(), v.integer(), v.minValue(0));

/** A change that older versions cannot read raises this. */
const version = 2;

/** Of models whose tokens are characters, which need not be said. */
const characterVersion = 1;

const manifest = v.object({
  format: v.literal('unroll-model'),
  version: v.literal(version),
  /** File with the weights, beside this one. */
  weights: v.pipe(v.string(), v.regex(/^weights-\d+\.safetensors$/)),
  /** File with the text that was trained on: completion recalls its end exactly, and the run can go on with it. */
  text: v.nullable(v.pipe(v.string(), v.regex(/^text-[0-9a-f]{16}\.txt$/))),
  vocabulary: v.object({ characters: v.array(v.string()), rareKinds: whole }),
  /** What the network reads: the characters of the vocabulary, then symbols of several characters. */
  tokens: v.object({
    kind: v.picklist(['characters', 'words', 'pieces']),
    longer: v.array(v.pipe(v.string(), v.minLength(2))),
  }),
  architecture: v.object({
    embedding: whole,
    layers: v.pipe(
      v.array(v.object({ cell: v.string(), hidden: v.pipe(whole, v.minValue(1)) })),
      v.minLength(1),
    ),
    tied: v.boolean(),
  }),
  /** How it reads the text: one that reads backward suggests nothing. */
  direction: v.picklist(['forward', 'backward']),
  /** Text of the cells that `layers` names. */
  cells: v.record(v.string(), v.string()),
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
    uri: v.nullable(v.string()),
    /** A glob, where it was files below the folder `uri`. Models from before there were such say nothing. */
    pattern: v.optional(v.nullable(v.string()), null),
    languageId: v.string(),
    characters: whole,
    /** ISO 8601. */
    date: v.string(),
    engine: v.string(),
    unroll: v.string(),
  }),
  /** How many numbers are trained. */
  parameters: v.optional(whole),
  /** In bits per character; null where nothing was held out. */
  validationLoss: v.nullable(v.number()),
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
  if (found === characterVersion)
    return parseManifest(
      JSON.stringify({ ...(json as object), version, tokens: { kind: 'characters', longer: [] } }),
    );
  if (found !== version)
    throw new Problem(
      `This model was written by another version of Unroll (format ${found}; this one reads ${version}). Train the model again.`,
    );
  const parsed = v.safeParse(manifest, json);
  if (parsed.success) return parsed.output;
  const at = parsed.issues[0].path?.map(({ key }) => key).join('.') ?? '';
  throw new Problem(`The model.json of this model is damaged at \`${at}\`. Train the model again.`);
}
