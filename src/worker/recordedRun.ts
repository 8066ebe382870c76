// A run that is recorded, and what the manifest says of its model.
import type { Engine } from '../backend/engine.ts';
import type { RunStart } from '../protocol/run.ts';
import type { StoredCharacters, StoredPairs } from '../protocol/task.ts';
import type { TrainRequest } from '../protocol/trainer.ts';
import type { Generation, ModelWriter } from '../store/modelWriter.ts';
import { writeTokenizer } from '../store/tokens.ts';
import type { PreparedTask } from '../tasks/task.ts';
import type { Checkpoint } from '../training/checkpoint.ts';
import type { RunConfiguration } from '../training/configuration.ts';
import { version } from '../version.ts';

type ManifestPairs = NonNullable<Generation['contents']['pairs']>;

/** The run that is recorded. */
export interface RecordedRun {
  /** The writer of the run's folder, which has been prepared. */
  readonly writer: ModelWriter;
  readonly request: TrainRequest;
  readonly configuration: RunConfiguration;
  readonly task: PreparedTask;
  readonly engine: Engine;
  readonly start: Omit<RunStart, 'parameters'>;
}

/** The state whose weights are the model, with its validation loss. */
export type Kept = Checkpoint['best'] & {
  /** Whether the weights were trained on the held-out part after that loss was measured. */
  readonly learnedHeldOut: boolean;
};

/**
 * Returns what the manifest says of a run and its model.
 * @param state the number of trained parameters, and whether the run has come to its end
 */
export function manifestContents(
  { request, configuration, task, engine, start }: RecordedRun,
  { loss, metric: value, learnedHeldOut, step }: Kept,
  { parameters, finished }: { readonly parameters: number; readonly finished: boolean },
): Generation['contents'] {
  const { model, train, cells } = configuration;
  const { layers, tied, direction } = model;
  const { embedding } = task.architecture;
  return {
    task: task.name,
    ...(task.table && {
      table: { ...task.table, reads: [...task.table.reads], classes: [...task.table.classes] },
    }),
    ...(task.regression && { regression: { ...task.regression, reads: [...task.regression.reads] } }),
    ...(task.tagging && {
      tagging: {
        ...task.tagging,
        reads: task.tagging.reads && [...task.tagging.reads],
        features: [...task.tagging.features],
        classes: [...task.tagging.classes],
      },
    }),
    ...(task.pairs && { pairs: describedPairs(task.pairs) }),
    ...(task.series && {
      series: {
        ...task.series,
        reads: [...task.series.reads],
        writes: [...task.series.writes],
        standardisation: {
          reads: [...task.series.standardisation.reads],
          writes: [...task.series.standardisation.writes],
        },
      },
    }),
    ...(task.tokenizer ? writeTokenizer(task.tokenizer) : { vocabulary: null, tokens: null }),
    architecture: {
      embedding,
      layers: [...layers],
      tied,
      ...(task.architecture.encoder && {
        encoder: task.architecture.encoder.layers.map(({ cell, ...layer }) => ({
          ...layer,
          cell: cell.name,
        })),
      }),
    },
    direction,
    cells: { ...cells },
    options: { ...model, ...train },
    wishes: {
      settings: request.settings,
      definition: request.definition,
      ...(request.options && { options: request.options }),
      cell: request.cell,
    },
    finished,
    compared: request.compared ?? false,
    provenance: {
      source: request.source,
      uri: request.uri,
      languageId: request.languageId,
      pattern: request.pattern,
      characters: task.longText?.characters ?? task.text.length,
      digest: task.longText?.digest ?? null,
      date: new Date().toISOString(),
      engine: engine.name,
      unroll: version,
    },
    parameters,
    validationLoss: Number.isFinite(loss) ? loss : null,
    lossUnit: start.lossUnit,
    metric: start.metric && { ...start.metric, value: value ?? null },
    learnedHeldOut,
    step,
  };
}

function describedPairs({ reads, source, target, ...pairs }: StoredPairs): ManifestPairs {
  const copied = ({ characters, rareKinds }: StoredCharacters) => ({
    characters: [...characters],
    rareKinds,
  });
  return {
    ...pairs,
    reads: [...reads],
    source:
      source.kind === 'category'
        ? { kind: source.kind, categories: [...source.categories] }
        : source.kind === 'numbers'
          ? { kind: source.kind, standardisation: [...source.standardisation] }
          : { kind: source.kind, ...copied(source) },
    target: copied(target),
  };
}
