// Imports a folder that was exported for PyTorch and trained there: the weights are checked, measured on the held-out
// part, and kept as a run's model, with n-gram counts and a mixture made from the text.
import type { Engine, TrainableNetwork } from '../backend/engine.ts';
import { learnMixture } from '../completion/ensemble/trainEnsemble.ts';
import type { Rows } from '../data/dataset.ts';
import { type Corpus, readCorpus } from '../data/text/corpus.ts';
import { TextDataset } from '../data/text/textDataset.ts';
import { settingsOf } from '../export/pytorch/config.ts';
import { cellsName, modelName, textName } from '../export/pytorch/folder.ts';
import { type PytorchModel, readPytorchFolder } from '../export/pytorch/readFolder.ts';
import { languageModelMeasures } from '../protocol/metric.ts';
import { Problem } from '../protocol/problem.ts';
import { emptyPoints, type RunSnapshot } from '../protocol/run.ts';
import { ModelWriter } from '../store/modelWriter.ts';
import { writeTokenizer } from '../store/tokens.ts';
import type { Checkpoint } from '../training/checkpoint.ts';
import { version } from '../version.ts';
import { checkMemory } from './memory.ts';
import type { Platform } from './platform.ts';

/** What an import works with. */
export interface ImportTools extends Pick<Platform, 'files' | 'memoryBytes' | 'breathe'> {
  readonly engine: Engine;
}

/** A text that is named instead of the one in the folder. */
export interface NamedText {
  readonly text: string;
  readonly source: string;
  readonly uri: string | null;
}

/** The difference of bits per character, here and in PyTorch, from which on the equations cannot be the same. */
const mostDifference = 0.02;

/**
 * Imports a model.
 * @param from the folder that was exported
 * @param directory the folder of the model to write
 * @param named the text to complete with; null for the one in the folder
 * @returns a sentence that says what was imported
 * @throws Problem when the folder does not hold a model that computes here what it computes there
 */
export async function importPytorch(
  { engine, files, memoryBytes, breathe }: ImportTools,
  from: string,
  directory: string,
  named: NamedText | null,
): Promise<string> {
  const model = readPytorchFolder(files, from);
  const text = named?.text ?? model.text;
  if (text === null)
    throw new Problem(
      `${from} has no ${textName}, from which suggestions are made too: put the text there, or name it: unroll import ${from} --text FILE.`,
    );
  const writer = new ModelWriter(files, directory);
  writer.prepare();
  const { config, architecture, weights, trained } = model;
  const corpus = corpusOf(model, text);
  const options = {
    ...config.train,
    ...(trained && { batch: trained.batch, k1: trained.k1, k2: trained.k2 }),
  };
  const dataset = new TextDataset(corpus);
  const [held] = dataset.heldOut(dataset.batches(options).batch);
  checkMemory(architecture, config.train.optimizer, memoryBytes);
  const { optimizer, seed } = config.train;
  // It only reads, and its optimiser is one that has seen nothing yet: one step needs the least memory.
  const shape = { batch: held?.rows ?? 1, steps: 1, optimizer, dropout: 0, seed };
  const network = engine.train(architecture, shape, weights);
  try {
    const loss = held ? bitsPerCharacter(network, dataset, held) : null;
    if (loss !== null && !Number.isFinite(loss))
      throw new Problem(
        'What this model computes is no number. Train it again, with a smaller learning rate.',
      );
    if (!named) checkEquations(model, loss);
    const mixture =
      config.model.direction === 'forward' ? await mixtureOf({ engine, breathe }, model, corpus) : null;
    const step = trained?.update ?? 0;
    const about = { model, corpus, loss, step, directory: from, named };
    writer.write({
      contents: contentsOf(about, network.parameterCount),
      weights,
      mixture,
      text: corpus.text,
      checkpoint: checkpointOf(model, network, loss, step),
      history: historyOf(about, network.parameterCount),
    });
    const measured = loss === null ? '' : `, ${loss.toFixed(3)} bits per character on held-out text`;
    return `${layersOf(model)}${measured}`;
  } finally {
    network.dispose();
  }
}

function corpusOf({ config, tokenizer }: PytorchModel, text: string): Corpus {
  const corpus = readCorpus(text, { direction: config.model.direction, tokens: tokenizer });
  // The text may have other characters than the one that the vocabulary was made from.
  return { ...corpus, vocabulary: tokenizer.alphabet };
}

function bitsPerCharacter(network: TrainableNetwork, dataset: TextDataset, { x, y, rows }: Rows): number {
  const { bits, units } = dataset.cost(network.evaluate(x, y, rows), y);
  return bits / units;
}

/** @throws Problem when model.py computes something else than the equations in cells.rnn */
function checkEquations({ trained, changedLine, text }: PytorchModel, loss: number | null): void {
  const there = trained?.bitsPerCharacter ?? null;
  const wayOut = `Write the equations of ${modelName} into ${cellsName} as well, or export the model again.`;
  if (text !== null && there !== null && loss !== null) {
    if (Math.abs(there - loss) <= mostDifference) return;
    throw new Problem(
      `${modelName} computes something else than ${cellsName} says: ${there.toFixed(3)} bits per character there, ${loss.toFixed(3)} here${changedLine === null ? '' : ` (\`${changedLine}\` was changed)`}. ${wayOut}`,
    );
  }
  if (changedLine !== null)
    throw new Problem(
      `${modelName} was changed at \`${changedLine}\`, which ${cellsName} does not have. ${wayOut}`,
    );
}

async function mixtureOf(
  { engine, breathe }: Pick<ImportTools, 'engine' | 'breathe'>,
  { architecture, weights }: PytorchModel,
  corpus: Corpus,
) {
  const predictor = engine.predict(architecture, weights);
  try {
    return await learnMixture(predictor, corpus, breathe);
  } finally {
    predictor.dispose();
  }
}

interface Imported {
  readonly model: PytorchModel;
  readonly corpus: Corpus;
  readonly loss: number | null;
  readonly step: number;
  readonly directory: string;
  readonly named: NamedText | null;
}

const layersOf = ({ config }: PytorchModel): string =>
  config.model.layers.map(({ cell, hidden }) => `${cell} ${hidden}`).join(', ');

const programOf = ({ trained, config }: PytorchModel): string =>
  trained ? `PyTorch ${trained.torch}` : `Unroll ${config.unroll}`;

const sourceOf = ({ model, named }: Imported) => ({
  ...model.config.source,
  ...(named && { source: named.source, uri: named.uri, pattern: null }),
});

function contentsOf(about: Imported, parameters: number) {
  const { model, corpus, loss, step, directory } = about;
  const { config, cells, definition, tokenizer, trained } = model;
  const { embedding, layers, tied, direction } = config.model;
  const settings = settingsOf(config);
  return {
    ...writeTokenizer(tokenizer),
    architecture: { embedding, layers, tied },
    direction,
    cells,
    options: { ...config.model, ...config.train },
    wishes: {
      settings: { ...settings, 'model.tokens': tokenizer.kind },
      // Without layers of its own, a file would have them all of its last cell.
      definition: `${definition}\nmodel\n  layers = ${layersOf(model)}\n`,
      cell: null,
    },
    provenance: {
      ...sourceOf(about),
      characters: corpus.text.length,
      date: new Date().toISOString(),
      engine: programOf(model),
      unroll: version,
      imported: { folder: directory, program: programOf(model) },
    },
    parameters,
    validationLoss: loss,
    learnedHeldOut: trained?.learnedHeldOut ?? config.learnedHeldOut,
    step,
  };
}

/** The checkpoint from which the training can go on here, with an optimiser that has seen nothing yet. */
function checkpointOf(
  { config, weights }: PytorchModel,
  network: TrainableNetwork,
  loss: number | null,
  step: number,
): Checkpoint {
  const { learningRate, clipping, seconds, epochs } = config.train;
  return {
    weights,
    optimizer: network.optimizer(),
    states: null,
    best: { weights, loss: loss ?? Infinity, step },
    place: { position: 0, epoch: 0 },
    step,
    tokens: 0,
    seconds: 0,
    trainingSeconds: 0,
    budget: { seconds: seconds ?? Infinity, epochs: epochs ?? Infinity },
    learningRate,
    rateFactor: 1,
    clipping,
    norms: [],
    smoothedLoss: Number.NaN,
  };
}

function historyOf(about: Imported, parameters: number): RunSnapshot {
  const { model, corpus, loss, step } = about;
  const { config, tokenizer, trained } = model;
  const { seconds, epochs } = config.train;
  const { source } = sourceOf(about);
  const spent = trained?.seconds ?? 0;
  return {
    title: source,
    date: new Date().toISOString(),
    status: {
      kind: 'ended',
      result: {
        end: 'budget',
        steps: step,
        tokens: 0,
        characters: 0,
        seconds: spent,
        tokensPerSecond: 0,
        trainLoss: corpus.uniform,
        validationLoss: loss,
        learnedHeldOut: trained?.learnedHeldOut ?? config.learnedHeldOut,
        bestStep: step,
      },
    },
    start: {
      task: 'language model',
      layers: layersOf(model),
      engine: programOf(model),
      fallback: null,
      remarks: [...corpus.remarks, `Imported from ${about.directory}, trained with ${programOf(model)}.`],
      parameters,
      vocabulary: tokenizer.size,
      tokens: { kind: tokenizer.kind, length: corpus.charactersPerToken },
      characters: corpus.text.length,
      ...languageModelMeasures,
      baselines: new TextDataset(corpus).baselines,
      seconds,
      epochs,
    },
    progress: null,
    points: {
      ...emptyPoints(),
      validations: loss === null ? [] : [{ step, seconds: spent, loss }],
      notes: [{ step, text: `Imported: trained with ${programOf(model)}.` }],
    },
  };
}
