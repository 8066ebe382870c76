// Imports a folder for PyTorch that does something with the rows of a table: its network is measured on the held-out
// rows, and kept as that of a run.
import type { Engine, Weight, Weights } from '../../backend/engine.ts';
import type { Rows } from '../../data/dataset.ts';
import type { Tokenizer } from '../../data/text/tokens/tokenizer.ts';
import { type ConfigTask, configName, settingsOf } from '../../export/pytorch/config.ts';
import { cellsName, modelName, textName } from '../../export/pytorch/folder.ts';
import { type OpenFolder, openFolder } from '../../export/pytorch/openFolder.ts';
import { type PytorchTraining, programOf, readTrained } from '../../export/pytorch/readFolder.ts';
import { parseTokenizer, vocabularyName } from '../../export/pytorch/vocabulary.ts';
import { layersText } from '../../language/options/layers.ts';
import type { LayerOptions } from '../../language/options/options.ts';
import { ofNetworkAlone, ofNgramsAlone } from '../../protocol/metric.ts';
import { Problem } from '../../protocol/problem.ts';
import type { Measured, RunStart } from '../../protocol/run.ts';
import type { StoredRegression, StoredSeries, TaskChoice } from '../../protocol/task.ts';
import type { TrainRequest } from '../../protocol/trainer.ts';
import { type Generation, ModelWriter } from '../../store/modelWriter.ts';
import { parameters } from '../../tape/parameters.ts';
import type { PreparedTask } from '../../tasks/task.ts';
import { completeSettings } from '../../tasks/usual.ts';
import { configure, type RunConfiguration } from '../../training/configuration.ts';
import { Controls } from '../../training/controls.ts';
import { lossOf } from '../../training/measure.ts';
import { countParameters } from '../../training/networkSize.ts';
import { trainingShape } from '../../training/trainingShape.ts';
import { version } from '../../version.ts';
import { checkMemory } from '../memory.ts';
import { prepareTask } from '../prepareTask.ts';
import { manifestContents } from '../recordedRun.ts';
import { checkpointOf, hadLearned, type ImportTools, importedHistory } from './importExchanged.ts';

/** The difference of the metric, here and in PyTorch, from which on the equations cannot be the same. */
const mostDifference = 0.02;

/**
 * Imports a model.
 * @param from the folder that was exported
 * @param directory the folder of the model to write
 * @returns a sentence that says what was imported
 * @throws Problem when the folder does not hold a model that computes here what it computes there
 */
export async function importTask(tools: ImportTools, from: string, directory: string): Promise<string> {
  const { engine, files, memoryBytes } = tools;
  const imported = await prepare(tools, from, directory);
  const { folder, configuration, task } = imported;
  const { config } = folder;
  const { architecture, dataset } = task;
  const { weights, trained } = readTrained(folder, parameters(architecture), countParameters(architecture));
  const writer = new ModelWriter(files, directory);
  writer.prepare();
  checkMemory(architecture, config.train.optimizer, memoryBytes);
  const shape = trainingShape(dataset.batches(configuration.train), config.train, 0);
  const network = engine.train(architecture, shape, weights, dataset.series);
  try {
    const measured = measure(task, network, dataset.heldOut(shape.batch));
    checkEquations(folder, trained, measured && judgement(measured), task);
    const ensemble = (await task.ensembleOf?.(network, weights)) ?? null;
    // A run with these weights would end with the metric of the network together with the n-grams.
    const whole = measured && { ...measured, ...ensemble?.measured };
    const learnedHeldOut = trained?.learnedHeldOut ?? config.learnedHeldOut;
    const results = { weights, trained, measured, whole, learnedHeldOut, mixture: ensemble?.mixture ?? null };
    writer.write(generationOf({ ...imported, writer, engine, from }, network, results));
    const judged = whole && `${saidOf(task, whole, ensemble !== null)}${learnedHeldOut ? hadLearned : ''}`;
    return [networkText(config), ...(judged ? [judged] : [])].join(', ');
  } finally {
    network.dispose();
  }
}

/** A folder that was read, and the task of the run that its model is kept as. */
interface Imported {
  readonly folder: OpenFolder;
  /** The text of the table that stands in the folder. */
  readonly text: string;
  readonly request: ReturnType<typeof requestOf>;
  readonly configuration: RunConfiguration;
  readonly task: PreparedTask;
}

/** @throws Problem when the folder has no table, or one that does not fit its vocabulary or its configuration */
async function prepare(
  { engine, files, breathe }: ImportTools,
  from: string,
  directory: string,
): Promise<Imported> {
  const folder = openFolder(files, from);
  const { config, text, vocabulary } = folder;
  if (text === null)
    throw new Problem(
      `${textName} is missing in ${from}: the rows to measure the model on are in it. Copy it from the export again.`,
    );
  const request = requestOf(folder, text, config.task!, directory);
  const configuration = configure(request);
  const task = await prepareTask(request.task, {
    ...{ request, configuration, files, digest: null, blockLengths: undefined },
    controls: Controls.none(),
    earlier: { tokenizer: tokenizerOf(config.task!, vocabulary), vocabularies: null },
    engine: async () => engine,
    breathe,
    now: () => performance.now(),
  });
  checkVocabulary(vocabulary, task);
  return { folder, text, request, configuration, task };
}

/** The values of an imported model. */
interface Results {
  readonly weights: Weights;
  readonly trained: PytorchTraining | null;
  /** The results of the network on the held-out rows, and those of the whole model; null where nothing is held out. */
  readonly measured: Outcome | null;
  readonly whole: Outcome | null;
  readonly learnedHeldOut: boolean;
  readonly mixture: Weight | null;
}

/** Returns what is written of a model: it is kept as that of a run which has ended with these results. */
function generationOf(
  {
    folder,
    text,
    request,
    configuration,
    task,
    ...tools
  }: Imported & { readonly writer: ModelWriter; readonly engine: Engine; readonly from: string },
  network: Network,
  { weights, trained, measured, whole, learnedHeldOut, mixture }: Results,
): Generation {
  const { config } = folder;
  const step = trained?.update ?? 0;
  const program = programOf(folder, trained);
  const best = { weights, ...(measured ?? { loss: Number.POSITIVE_INFINITY }), step };
  const start = startOf(task, configuration, program, tools.from);
  const contents = manifestContents(
    { ...tools, request, configuration, task, start },
    { ...best, ...whole, learnedHeldOut },
    { parameters: network.parameterCount, finished: true },
  );
  return {
    contents: {
      ...contents,
      provenance: {
        ...contents.provenance,
        engine: program,
        unroll: version,
        imported: { folder: tools.from, program },
      },
    },
    weights,
    mixture,
    text,
    checkpoint: checkpointOf({ train: config.train, weights }, network, best),
    history: importedHistory(
      { ...start, parameters: network.parameterCount },
      {
        title: request.title,
        program,
        seconds: trained?.seconds ?? 0,
        trainLoss: task.dataset.uniform,
        step,
        learnedHeldOut,
        measured,
        whole,
      },
    ),
  };
}

/** The layers of a network, those of its encoder first. */
const networkText = ({
  model: { encoder = [], layers },
}: {
  readonly model: { readonly encoder?: readonly LayerOptions[]; readonly layers: readonly LayerOptions[] };
}): string => [...(encoder.length > 0 ? [encoder] : []), layers].map(layersText).join(' → ');

type Network = ReturnType<Engine['train']>;

/**
 * Measures a network on the held-out rows; null where there are none.
 * @throws Problem when it computes no numbers
 */
function measure({ dataset, metric }: PreparedTask, network: Network, held: readonly Rows[]): Outcome | null {
  if (held.length === 0) return null;
  const measured = { loss: lossOf(dataset, network, held), ...metric?.of(network, held) };
  if (!Number.isFinite(measured.loss))
    throw new Problem('What this model computes is no number. Train it again, with a smaller learning rate.');
  return measured;
}

/** The results of a model on the held-out rows; without a metric of its own it is judged by the loss. */
interface Outcome extends Measured {
  readonly loss: number;
}

const judgement = ({ loss, metric }: Outcome): number => metric ?? loss;

/** Says what a model comes to. @param hasEnsemble whether n-grams have been tried beside the network */
function saidOf(task: PreparedTask, outcome: Outcome, hasEnsemble: boolean): string {
  const said = `${judgedBy(task)} ${judgement(outcome).toFixed(3)} on held-out rows`;
  if (!task.ensembleOf) return said;
  if (!hasEnsemble)
    return `${said}, of the network alone: there are too few or too many rows for n-grams of the classes`;
  const { [ofNetworkAlone]: network, [ofNgramsAlone]: ngrams } = outcome.furtherMetrics!;
  return `${said} with n-grams of the classes (the network alone ${network.toFixed(3)}, the n-grams alone ${ngrams.toFixed(3)})`;
}

/** The name of what a network is judged by. */
const judgedBy = ({ metric, lossUnit }: PreparedTask): string => metric?.name ?? lossUnit;

/** Returns the request for a run that would train the same network here. */
function requestOf(
  { config, definition, vocabulary }: OpenFolder,
  text: string,
  task: ConfigTask,
  directory: string,
): TrainRequest & { readonly task: TaskChoice } {
  const { model, train, source } = config;
  const tokenizer = tokenizerOf(task, vocabulary);
  const settings = {
    ...settingsOf({ model, train }),
    ...(readsCharacters(vocabulary) && { 'model.tokens': 'characters' }),
    ...('pool' in task && { 'model.pool': task.pool }),
    ...(tokenizer && { 'model.tokens': tokenizer.kind }),
  };
  return {
    documents: [text],
    source: source.source,
    title: source.source,
    uri: source.uri,
    pattern: source.pattern,
    remarks: [],
    directory,
    languageId: source.languageId,
    settings: completeSettings(task.kind, settings),
    // Without layers of its own, a file would have them all of its last cell.
    definition: `${definition}\nmodel\n  layers = ${layersText(model.layers)}\n${teachOf(task)}`,
    cell: null,
    task:
      task.kind === 'forecaster'
        ? { kind: task.kind, reads: task.reads, writes: task.writes }
        : { kind: task.kind, reads: task.reads, writes: task.writes, heldOut: null },
  };
}

/** Reads how texts become tokens; null where rows are numbers, or have vocabularies of their own. */
const tokenizerOf = (task: ConfigTask, vocabulary: string): Tokenizer | null =>
  task.kind === 'acceptor' || (task.kind === 'regressor' && task.sequence === 'text')
    ? parseTokenizer(vocabulary)
    : null;

/** Whether sources are read as characters, which a run was told where they look like numbers. */
function readsCharacters(vocabulary: string): boolean {
  const { sources } = parsedVocabulary(vocabulary) as { sources?: { kind?: unknown } };
  return sources?.kind === 'characters';
}

function parsedVocabulary(text: string): Record<string, unknown> {
  try {
    return (JSON.parse(text) ?? {}) as Record<string, unknown>;
  } catch {
    throw new Problem(`${vocabularyName} is not valid JSON. Copy it from the export again.`);
  }
}

/** Writes the section of a file that says which steps of a row teach. */
function teachOf(task: ConfigTask): string {
  if (task.kind === 'forecaster' || task.kind === 'encoder-decoder') return '';
  const { kind, taught } = task;
  const steps = taught === null ? 'every step' : taught === 1 ? 'last step' : `last ${taught}`;
  return `\ntask\n  kind = ${kind}\n  teach = ${steps}\n`;
}

/** @throws Problem when the outputs or inputs are not those of the table that stands in the folder */
function checkVocabulary(text: string, { table, regression, tagging, pairs, series }: PreparedTask): void {
  const own = table
    ? { classes: table.classes }
    : tagging
      ? { features: tagging.features, classes: tagging.classes }
      : pairs
        ? { sources: pairs.source, targets: pairs.target }
        : columnsOf((regression ?? series)!);
  const said = parsedVocabulary(text);
  for (const [name, value] of Object.entries(own))
    if (JSON.stringify(said[name]) !== JSON.stringify(value))
      throw new Problem(
        `${textName} is not the table that the network was trained for: its ${name} are not those in ${vocabularyName}. Copy both from the export again, or train here on the new table.`,
      );
}

const columnsOf = ({ reads, writes, standardisation }: StoredRegression | StoredSeries) => ({
  reads,
  writes,
  standardisation,
});

/** @throws Problem when model.py computes something else than the equations in cells.rnn */
function checkEquations(
  { changedLine }: OpenFolder,
  trained: PytorchTraining | null,
  here: number | null,
  task: PreparedTask,
): void {
  const there = trained?.metric ?? null;
  const wayOut = `Write the equations of ${modelName} into ${cellsName} as well, or export the model again.`;
  if (there !== null && here !== null) {
    if (Math.abs(there - here) <= mostDifference * Math.max(scaleOf(task), Math.abs(here))) return;
    throw new Problem(
      `${modelName} computes something else than ${cellsName} and ${configName} say: ${judgedBy(task)} ${there.toFixed(3)} there, ${here.toFixed(3)} here${changedLine === null ? '' : ` (\`${changedLine}\` was changed)`}. ${wayOut}`,
    );
  }
  if (changedLine !== null)
    throw new Problem(
      `${modelName} was changed at \`${changedLine}\`, which ${cellsName} does not have. ${wayOut}`,
    );
}

/** Returns the size of what the task is judged by: an error of a regressor is in the units of its column. */
const scaleOf = ({ regression }: PreparedTask): number => regression?.standardisation.writes.deviation ?? 1;

function startOf(
  task: PreparedTask,
  { model, train }: ReturnType<typeof configure>,
  program: string,
  from: string,
): Omit<RunStart, 'parameters'> {
  const { metric } = task;
  return {
    ...task.start,
    task: task.name,
    lossUnit: task.lossUnit,
    metric: metric && { name: metric.name, unit: metric.unit, lowerIsBetter: metric.lowerIsBetter },
    baselines: task.dataset.baselines,
    layers: networkText({
      model: { ...model, encoder: task.architecture.encoder?.layers.length ? model.encoder : [] },
    }),
    engine: program,
    fallback: null,
    remarks: [...task.start.remarks, `Imported from ${from}, trained with ${program}.`],
    seconds: train.seconds,
    epochs: train.epochs,
  };
}
