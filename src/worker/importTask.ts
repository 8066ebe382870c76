// Imports a folder for PyTorch that does something with the rows of a table: its network is measured on the held-out
// rows, and kept as that of a run.
import type { Engine } from '../backend/engine.ts';
import type { Rows } from '../data/dataset.ts';
import { type ConfigTask, configName, settingsOf } from '../export/pytorch/config.ts';
import { cellsName, modelName, textName } from '../export/pytorch/folder.ts';
import { type OpenFolder, openFolder } from '../export/pytorch/openFolder.ts';
import { type PytorchTraining, programOf, readTrained } from '../export/pytorch/readFolder.ts';
import { parseTokenizer, vocabularyName } from '../export/pytorch/vocabulary.ts';
import { layersText } from '../language/layers.ts';
import { gradientOptimizer } from '../language/options.ts';
import { Problem } from '../protocol/problem.ts';
import type { RunStart } from '../protocol/run.ts';
import type { TaskChoice } from '../protocol/task.ts';
import type { TrainRequest } from '../protocol/trainer.ts';
import { ModelWriter } from '../store/modelWriter.ts';
import { parameters } from '../tape/parameters.ts';
import type { PreparedTask } from '../tasks/task.ts';
import { completeSettings } from '../tasks/usual.ts';
import { configure } from '../training/configuration.ts';
import { lossOf } from '../training/measure.ts';
import { countParameters } from '../training/networkSize.ts';
import { version } from '../version.ts';
import { checkpointOf, type ImportTools, importedHistory } from './importExchanged.ts';
import { checkMemory } from './memory.ts';
import { prepareTask } from './prepareTask.ts';
import { manifestContents } from './recordedRun.ts';

/** The difference of the metric, here and in PyTorch, from which on the equations cannot be the same. */
const mostDifference = 0.02;

/**
 * Imports a model.
 * @param from the folder that was exported
 * @param directory the folder of the model to write
 * @returns a sentence that says what was imported
 * @throws Problem when the folder does not hold a model that computes here what it computes there
 */
export async function importTask(
  { engine, files, memoryBytes, breathe }: ImportTools,
  from: string,
  directory: string,
): Promise<string> {
  const folder = openFolder(files, from);
  const { config } = folder;
  if (folder.text === null)
    throw new Problem(
      `${textName} is missing in ${from}: the rows to measure the model on are in it. Copy it from the export again.`,
    );
  const request = requestOf(folder, folder.text, config.task!, directory);
  const configuration = configure(request);
  const tokenizer = config.task!.kind === 'acceptor' ? parseTokenizer(folder.vocabulary) : null;
  const task = await prepareTask(request.task, {
    ...{ request, configuration, files, digest: null, blockLengths: undefined },
    earlier: { tokenizer, vocabularies: null },
    engine: async () => engine,
    breathe,
    now: () => performance.now(),
  });
  checkVocabulary(folder.vocabulary, task);
  const { architecture, dataset } = task;
  const { weights, trained } = readTrained(folder, parameters(architecture), countParameters(architecture));
  const writer = new ModelWriter(files, directory);
  writer.prepare();
  checkMemory(architecture, config.train.optimizer, memoryBytes);
  const { batch, steps } = dataset.batches(configuration.train);
  const optimizer = gradientOptimizer(config.train.optimizer);
  const shape = { batch, steps, optimizer, dropout: 0, seed: config.train.seed };
  const network = engine.train(architecture, shape, weights, dataset.series);
  try {
    const held = dataset.heldOut(batch);
    const measured = held.length > 0 ? measure(task, network, held) : null;
    if (measured && !Number.isFinite(measured.loss))
      throw new Problem(
        'What this model computes is no number. Train it again, with a smaller learning rate.',
      );
    checkEquations(folder, trained, measured?.metric ?? null, task);
    const step = trained?.update ?? 0;
    const program = programOf(folder, trained);
    const kept = { weights, ...(measured ?? { loss: Number.POSITIVE_INFINITY }), step };
    const learnedHeldOut = trained?.learnedHeldOut ?? config.learnedHeldOut;
    const start = startOf(task, configuration, program, from);
    const recorded = { writer, request, configuration, task, engine, start };
    const contents = manifestContents(recorded, { ...kept, learnedHeldOut }, network.parameterCount, true);
    writer.write({
      contents: {
        ...contents,
        provenance: {
          ...contents.provenance,
          engine: program,
          unroll: version,
          imported: { folder: from, program },
        },
      },
      weights,
      mixture: (await task.mixtureOf?.(network, weights)) ?? null,
      text: folder.text,
      checkpoint: checkpointOf({ train: config.train, weights }, network, kept),
      history: importedHistory(
        { ...start, parameters: network.parameterCount },
        {
          title: request.title,
          program,
          seconds: trained?.seconds ?? 0,
          trainLoss: dataset.uniform,
          step,
          learnedHeldOut,
          measured,
        },
      ),
    });
    const said = measured ? `, ${task.metric!.name} ${measured.metric.toFixed(3)} on held-out rows` : '';
    return `${layersText(config.model.layers)}${said}`;
  } finally {
    network.dispose();
  }
}

type Network = ReturnType<Engine['train']>;

function measure(
  { dataset, metric }: PreparedTask,
  network: Network,
  held: readonly Rows[],
): { loss: number; metric: number } {
  return { loss: lossOf(dataset, network, held), metric: metric!.of(network, held).metric! };
}

/** Returns the request for a run that would train the same network here. */
function requestOf(
  { config, definition, vocabulary }: OpenFolder,
  text: string,
  task: ConfigTask,
  directory: string,
): TrainRequest & { readonly task: TaskChoice } {
  const { model, train, source } = config;
  const settings = {
    ...settingsOf({ model, train }),
    ...(task.kind === 'acceptor' && {
      'model.pool': task.pool,
      'model.tokens': parseTokenizer(vocabulary).kind,
    }),
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

/** Writes the section of a file that says which steps of a row teach. */
function teachOf(task: ConfigTask): string {
  if (task.kind === 'forecaster') return '';
  const { kind, taught } = task;
  const steps = taught === null ? 'every step' : taught === 1 ? 'last step' : `last ${taught}`;
  return `\ntask\n  kind = ${kind}\n  teach = ${steps}\n`;
}

/** @throws Problem when the outputs or inputs are not those of the table that stands in the folder */
function checkVocabulary(text: string, { table, tagging, series }: PreparedTask): void {
  const own = table
    ? { classes: table.classes }
    : tagging
      ? { features: tagging.features, classes: tagging.classes }
      : { reads: series!.reads, writes: series!.writes, standardisation: series!.standardisation };
  let said: Record<string, unknown>;
  try {
    said = JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new Problem(`${vocabularyName} is not valid JSON. Copy it from the export again.`);
  }
  for (const [name, value] of Object.entries(own))
    if (JSON.stringify(said?.[name]) !== JSON.stringify(value))
      throw new Problem(
        `${textName} is not the table that the network was trained for: its ${name} are not those in ${vocabularyName}. Copy both from the export again, or train here on the new table.`,
      );
}

/** @throws Problem when model.py computes something else than the equations in cells.rnn */
function checkEquations(
  { changedLine }: OpenFolder,
  trained: PytorchTraining | null,
  here: number | null,
  { metric }: PreparedTask,
): void {
  const there = trained?.metric ?? null;
  const wayOut = `Write the equations of ${modelName} into ${cellsName} as well, or export the model again.`;
  if (there !== null && here !== null) {
    if (Math.abs(there - here) <= mostDifference * Math.max(1, Math.abs(here))) return;
    throw new Problem(
      `${modelName} computes something else than ${cellsName} and ${configName} say: ${metric!.name} ${there.toFixed(3)} there, ${here.toFixed(3)} here${changedLine === null ? '' : ` (\`${changedLine}\` was changed)`}. ${wayOut}`,
    );
  }
  if (changedLine !== null)
    throw new Problem(
      `${modelName} was changed at \`${changedLine}\`, which ${cellsName} does not have. ${wayOut}`,
    );
}

function startOf(
  task: PreparedTask,
  { model, train }: ReturnType<typeof configure>,
  program: string,
  from: string,
): Omit<RunStart, 'parameters'> {
  const { name, unit, lowerIsBetter } = task.metric!;
  return {
    ...task.start,
    task: task.name,
    lossUnit: task.lossUnit,
    metric: { name, unit, lowerIsBetter },
    baselines: task.dataset.baselines,
    layers: layersText(model.layers),
    engine: program,
    fallback: null,
    remarks: [...task.start.remarks, `Imported from ${from}, trained with ${program}.`],
    seconds: train.seconds,
    epochs: train.epochs,
  };
}
