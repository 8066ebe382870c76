// Keeps a model that another program made or trained as that of a run: it is measured on the held-out part, and
// completes with n-gram counts and a mixture made from its text.
import type { Engine, TrainableNetwork } from '../../backend/engine.ts';
import { learnMixture } from '../../completion/ensemble/trainEnsemble.ts';
import type { Rows } from '../../data/dataset.ts';
import { type Corpus, normalise, readCorpus, wholeEnd } from '../../data/text/corpus.ts';
import { TextDataset } from '../../data/text/textDataset.ts';
import type { ExchangedModel } from '../../export/exchangedModel.ts';
import { settingsOf } from '../../export/pytorch/config.ts';
import { layersText } from '../../language/options/layers.ts';
import { gradientOptimizer } from '../../language/options/options.ts';
import { languageModelMeasures } from '../../protocol/metric.ts';
import { Problem } from '../../protocol/problem.ts';
import { emptyPoints, type Measured, type RunSnapshot, type RunStart } from '../../protocol/run.ts';
import { ModelWriter } from '../../store/modelWriter.ts';
import { writeTokenizer } from '../../store/tokens.ts';
import type { Checkpoint } from '../../training/checkpoint.ts';
import { version } from '../../version.ts';
import { checkMemory } from '../memory.ts';
import type { Platform } from '../platform.ts';

/** The engine and the parts of a platform that an import needs. */
export interface ImportTools extends Pick<Platform, 'files' | 'memoryBytes' | 'breathe'> {
  readonly engine: Engine;
}

/** A text that is named instead of the one in the folder. */
export interface NamedText {
  readonly text: string;
  readonly source: string;
  readonly uri: string | null;
  readonly languageId?: string;
}

/**
 * Keeps a model.
 * @param from where it came from
 * @param directory the folder of the model to write
 * @param named the text to complete with; null for the model's own
 * @param check gets the loss on the held-out part of the model's own text, in bits per character; null where
 * nothing is held out or another text is named. It throws where the loss cannot be right.
 * @returns a sentence that says what was imported
 * @throws Problem when the model computes no numbers, or there is no text
 */
export async function importExchanged(
  { engine, files, memoryBytes, breathe }: ImportTools,
  model: ExchangedModel,
  from: string,
  directory: string,
  named: NamedText | null,
  check: (loss: number | null) => void = () => {},
): Promise<string> {
  const text = named?.text ?? model.text;
  if (text === null)
    throw new Problem(
      `${from} comes without its text, from which suggestions are made too. Name the text: unroll import ${from} --text FILE.`,
    );
  const writer = new ModelWriter(files, directory);
  writer.prepare();
  const { train, architecture, weights, trained } = model;
  const corpus = corpusOf(model, text);
  const options = {
    ...train,
    ...(trained && { batch: trained.batch, k1: trained.k1, k2: trained.k2 }),
  };
  const dataset = new TextDataset(corpus);
  const [held] = dataset.heldOut(dataset.batches(options).batch);
  checkMemory(architecture, train.optimizer, memoryBytes);
  const { seed } = train;
  const optimizer = gradientOptimizer(train.optimizer);
  // It only reads, and its optimiser is one that has seen nothing yet: one step needs the least memory.
  const shape = { batch: held?.rows ?? 1, steps: 1, optimizer, dropout: 0, seed };
  const network = engine.train(architecture, shape, weights);
  try {
    const loss = held ? bitsPerCharacter(network, dataset, held) : null;
    if (loss !== null && !Number.isFinite(loss))
      throw new Problem(
        'What this model computes is no number. Train it again, with a smaller learning rate.',
      );
    check(named ? null : loss);
    const mixture =
      model.model.direction === 'forward' ? await mixtureOf({ engine, breathe }, model, corpus) : null;
    const step = trained?.update ?? 0;
    const about = { model, corpus, loss, step, directory: from, named };
    writer.write({
      contents: contentsOf(about, network.parameterCount),
      weights,
      mixture,
      text: corpus.text,
      checkpoint: checkpointOf(model, network, { weights, loss: loss ?? Infinity, step }),
      history: importedHistory(
        { ...startOf(about), parameters: network.parameterCount },
        {
          title: sourceOf(about).source,
          program: model.program,
          seconds: trained?.seconds ?? 0,
          trainLoss: corpus.uniform,
          step,
          learnedHeldOut: model.learnedHeldOut,
          measured: loss === null ? null : { loss },
        },
      ),
    });
    const measured = loss === null ? '' : `, ${loss.toFixed(3)} bits per character on held-out text`;
    return `${layersOf(model)}${measured}${measured && model.learnedHeldOut ? hadLearned : ''}`;
  } finally {
    network.dispose();
  }
}

function corpusOf({ model, tokenizer }: ExchangedModel, text: string): Corpus {
  const whole = normalise(text);
  const corpus = readCorpus(wholeEnd(whole), { direction: model.direction, tokens: tokenizer });
  const kept = `The text is long: its last ${corpus.characters.toLocaleString('en')} characters are kept with the model.`;
  const remarks = corpus.characters < whole.length ? [kept, ...corpus.remarks] : corpus.remarks;
  // The text may have other characters than the one that the vocabulary was made from.
  return { ...corpus, remarks, vocabulary: tokenizer.alphabet };
}

function bitsPerCharacter(network: TrainableNetwork, dataset: TextDataset, { x, y, rows }: Rows): number {
  const { bits, units } = dataset.cost(network.evaluate(x, y, rows), y);
  return bits / units;
}

async function mixtureOf(
  { engine, breathe }: Pick<ImportTools, 'engine' | 'breathe'>,
  { architecture, weights }: ExchangedModel,
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
  readonly model: ExchangedModel;
  readonly corpus: Corpus;
  readonly loss: number | null;
  readonly step: number;
  readonly directory: string;
  readonly named: NamedText | null;
}

const layersOf = ({ model }: ExchangedModel): string => layersText(model.layers);

const sourceOf = ({ model, named }: Imported) => ({
  ...model.source,
  ...(named && {
    source: named.source,
    uri: named.uri,
    pattern: null,
    ...(named.languageId !== undefined && { languageId: named.languageId }),
  }),
});

function contentsOf(about: Imported, parameters: number) {
  const { model, corpus, loss, step, directory } = about;
  const { cells, definition, tokenizer, program, train, learnedHeldOut } = model;
  const { embedding, layers, tied, direction } = model.model;
  const settings = settingsOf(model);
  return {
    ...writeTokenizer(tokenizer),
    architecture: { embedding, layers: [...layers], tied },
    direction,
    cells,
    options: { ...model.model, ...train },
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
      engine: program,
      unroll: version,
      imported: { folder: directory, program },
    },
    parameters,
    validationLoss: loss,
    learnedHeldOut,
    step,
  };
}

/** The checkpoint from which the training can go on here, with an optimiser that has seen nothing yet. */
export function checkpointOf(
  { train, weights }: Pick<ExchangedModel, 'train' | 'weights'>,
  network: TrainableNetwork,
  best: Checkpoint['best'],
): Checkpoint {
  const { learningRate, clipping, seconds, epochs } = train;
  return {
    weights,
    optimizer: network.optimizer(),
    states: null,
    best,
    cursor: { position: 0, epoch: 0 },
    step: best.step,
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

function startOf({ model, corpus, directory }: Imported): Omit<RunStart, 'parameters'> {
  const { tokenizer, program } = model;
  const { seconds, epochs } = model.train;
  return {
    task: 'language model',
    layers: layersOf(model),
    engine: program,
    fallback: null,
    remarks: [...corpus.remarks, `Imported from ${directory}, trained with ${program}.`],
    vocabulary: tokenizer.size,
    tokens: { kind: tokenizer.kind, length: corpus.charactersPerToken },
    characters: corpus.text.length,
    ...languageModelMeasures,
    baselines: new TextDataset(corpus).baselines,
    seconds,
    epochs,
    direction: model.model.direction,
  };
}

/** Says of a value on the held-out part that it is no estimate for new text. */
export const hadLearned = ', which the model had learned before';

/** The record of a training elsewhere. */
interface Elsewhere {
  readonly title: string;
  readonly program: string;
  readonly seconds: number;
  /** The loss that stands for that of the training, which is not known. */
  readonly trainLoss: number;
  readonly step: number;
  readonly learnedHeldOut: boolean;
  /** The network's results on the held-out part; null where nothing is held out. */
  readonly measured: (Measured & { readonly loss: number }) | null;
  /** The results of the whole model, where it is more than the network. */
  readonly whole?: Measured | null;
}

/** Returns the history of a run that another program has done. */
export function importedHistory(
  start: RunStart,
  { title, program, seconds, trainLoss, step, learnedHeldOut, measured, whole = measured }: Elsewhere,
): RunSnapshot {
  return {
    title,
    date: new Date().toISOString(),
    status: {
      kind: 'ended',
      result: {
        end: 'budget',
        steps: step,
        tokens: 0,
        characters: 0,
        seconds,
        tokensPerSecond: 0,
        trainLoss,
        validationLoss: measured?.loss ?? null,
        ...(whole?.metric === undefined ? {} : { metric: whole.metric }),
        ...(whole?.furtherMetrics && { furtherMetrics: whole.furtherMetrics }),
        learnedHeldOut,
        ...(learnedHeldOut && measured && { learnedBefore: true }),
        bestStep: step,
      },
    },
    start,
    progress: null,
    points: {
      ...emptyPoints(),
      validations: measured ? [{ step, seconds, ...measured }] : [],
      notes: [{ step, text: `Imported: trained with ${program}.` }],
    },
  };
}
