// A small run with random options for the target `training`.
import fc from 'fast-check';
import type { Architecture, Engine, Weights } from '../../../src/backend/engine.ts';
import { builtinCells, cellsWithoutEncoder } from '../../../src/cells/index.ts';
import { type Corpus, readCorpus } from '../../../src/data/text/corpus.ts';
import { TextDataset } from '../../../src/data/text/textDataset.ts';
import type { ModelOptions, TrainOptions } from '../../../src/language/options/options.ts';
import type { RunResult } from '../../../src/protocol/run.ts';
import { packCheckpoint, unpackCheckpoint } from '../../../src/store/checkpoint.ts';
import { readSafetensorsFile, writeSafetensors } from '../../../src/store/safetensors.ts';
import { initialWeights } from '../../../src/tape/parameters.ts';
import { random } from '../../../src/tape/random.ts';
import type { Checkpoint } from '../../../src/training/checkpoint.ts';
import { configure, architecture as makeArchitecture } from '../../../src/training/configuration.ts';
import { Controls } from '../../../src/training/controls.ts';
import { learnHeldOut } from '../../../src/training/learnHeldOut.ts';
import { train } from '../../../src/training/trainer.ts';

/** Cells with features that the built-in ones lack: lags, learned states, exploding values. */
const ownCells = `cell Lags
  h[t] = tanh(W x[t] + U h[t-1] + V h[t-3] + b)
  h[0] = learned
cell Part
  c[t] = c[t-1] + sigmoid(W x[t] + V h[t-2])
  h[t] = norm(c[t]) * a + b
  c[0] = learned from 0.5 first 2
cell Loose
  h[t] = relu(W x[t] + U h[t-1]) * 1.5
`;

// Cells that read the network's output are left out where there are two layers: the slow measurement cannot. Those
// that give a distribution are left out everywhere: it cannot measure them.
const named = [...cellsWithoutEncoder.keys(), 'Lags', 'Part', 'Loose'];
const textOf = (name: string) => builtinCells.get(name) ?? '';
const alone = named.filter((name) => !/as distribution/.test(textOf(name)));
const stacked = alone.filter((name) => !/y\[t-/.test(textOf(name)));
const layer = (names: readonly string[]) =>
  fc
    .tuple(fc.constantFrom(...names), fc.integer({ min: 1, max: 6 }))
    .map(([cell, hidden]) => `${cell} ${hidden}`);

export interface TrainingInput {
  readonly text: {
    readonly seed: number;
    readonly alphabet: string;
    readonly length: number;
    readonly period: number;
  };
  readonly layers: string;
  readonly threads: 1 | 2;
  readonly updates: number;
  /** The budget in seconds in place of a number of updates, by a clock on which an update takes a second. */
  readonly seconds: number | null;
  /** The update after which the run is interrupted. */
  readonly interruptedAt: number;
  /** The values of the settings by their names. */
  readonly settings: Readonly<Record<string, unknown>>;
}

const alphabets = [
  'ab',
  'abcdefgh \n',
  'héllo wörld\n',
  'Aa0 .,;(){}\n\t',
  'ab\u{1F600}\u{1F643}\u4F60\u597D ',
  'e\u0301\uD800x ',
];

export const trainingInputs: fc.Arbitrary<TrainingInput> = fc.record({
  text: fc.record({
    seed: fc.nat(1e6),
    alphabet: fc.constantFrom(...alphabets),
    length: fc.integer({ min: 399, max: 1500 }),
    period: fc.constantFrom(1, 7, 40, 1500),
  }),
  layers: fc.oneof(
    layer(alone),
    fc.tuple(layer(stacked), layer(stacked)).map((both) => both.join(', ')),
  ),
  threads: fc.constantFrom(1 as const, 2 as const),
  updates: fc.integer({ min: 1, max: 30 }),
  seconds: fc.oneof(
    { weight: 4, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 30 }) },
  ),
  interruptedAt: fc.integer({ min: 1, max: 20 }),
  settings: fc.record({
    'model.tokens': fc.constantFrom('characters', 'characters', 'characters', 'words', 'pieces'),
    'model.embedding': fc.constantFrom(0, 0, 3),
    'model.tied': fc.constantFrom(...Array(7).fill(false), true),
    'model.dropout': fc.constantFrom(0, 0, 0.3, 0.9),
    'model.direction': fc.constantFrom('forward', 'backward'),
    'train.k1': fc.integer({ min: 1, max: 15 }),
    'train.k2': fc.integer({ min: 1, max: 15 }),
    'train.batch': fc.integer({ min: 1, max: 6 }),
    'train.reset': fc.constantFrom(0, 0.05, 0.5, 1),
    'train.optimizer': fc.constantFrom('sgd', 'momentum', 'nesterov', 'rmsprop', 'adam', 'adamw'),
    'train.epsilon': fc.constantFrom(1e-8, 1e-3, 1e-12),
    'train.learningRate': fc.constantFrom(0, 0.001, 0.01, 0.01, 0.1, 0.1, 1, 100),
    'train.warmup': fc.constantFrom(0, 5),
    'train.decay': fc.constantFrom('none', 'linear', 'cosine'),
    'train.clipping': fc.constantFrom('none', 'norm', 'adaptive'),
    'train.threshold': fc.constantFrom(0, 0.1, 5),
    'train.factor': fc.constantFrom(0, 1, 2),
    'train.l1': fc.constantFrom(0, 0, 1e-3, 1),
    'train.l2': fc.constantFrom(0, 0, 1e-3, 100),
    'train.patience': fc.constantFrom(null, 1, 3),
    'train.seed': fc.constantFrom(0, 1, 2 ** 32 - 1),
  }),
});

export interface Prepared {
  readonly corpus: Corpus;
  readonly architecture: Architecture;
  readonly model: ModelOptions;
  readonly train: TrainOptions;
}

/**
 * Configures a run.
 * @throws Problem as a run does before it has begun
 */
export function prepare(input: TrainingInput): Prepared {
  const { text, layers, settings, seconds, updates } = input;
  const planned = configure({
    settings: { ...settings, 'train.seconds': seconds, 'train.epochs': seconds === null ? 1 : null },
    definition: `${ownCells}model\n  layers = ${layers}\n`,
    cell: null,
  });
  const { tokens, direction } = planned.model;
  const corpus = readCorpus(writeText(text), {
    tokens: tokens === 'auto' ? 'characters' : tokens,
    direction,
  });
  const { k1, batch } = planned.train;
  const epochs = seconds === null ? (updates * k1 * batch) / corpus.train.length : null;
  return {
    corpus,
    architecture: makeArchitecture(corpus.tokenizer.size, planned.model, planned.cells),
    model: planned.model,
    train: { ...planned.train, epochs },
  };
}

/** Returns a text that repeats a sequence of random characters until it is long enough. */
function writeText({ seed, alphabet, length, period }: TrainingInput['text']): string {
  const next = random(seed);
  const characters = [...alphabet];
  const stretch = Array.from({ length: period }, () => characters[Math.floor(next() * characters.length)]);
  return Array.from({ length }, (_, index) => stretch[index % period]).join('');
}

export interface Outcome {
  readonly result: RunResult;
  readonly best: Checkpoint['best'];
  /** The weights after the last update. */
  readonly last: Weights;
  /** The checkpoint as a file holds it; null where the run ended before it was interrupted. */
  readonly checkpoint: Checkpoint | null;
  /** The losses by step, without those of updates after which the run went back. */
  readonly losses: ReadonlyMap<number, number>;
  readonly notes: readonly string[];
  readonly recoveries: number;
  /** The weights after the held-out part has been learned; null where it is not. */
  readonly tailLearned: Weights | null;
  /** The number of streams. */
  readonly batch: number;
}

/**
 * Runs the training once.
 * @param stopAfter the update after which the run stops, whatever the budget is
 * @throws Problem as a run does
 */
export async function runOnce(
  { corpus, architecture, model, train: options }: Prepared,
  engine: Engine,
  { interruptedAt }: TrainingInput,
  from: Checkpoint | null = null,
  stopAfter = 60,
): Promise<Outcome> {
  const dataset = new TextDataset(corpus);
  const controls = new Controls();
  let clock = 0;
  let checkpoint: Checkpoint | null = null;
  let last: Checkpoint | null = null;
  let batch = 0;
  let tailLearned: Weights | null = null;
  const losses = new Map<number, number>();
  const notes: string[] = [];
  const {
    result,
    best: { weights: kept },
  } = await train({
    dataset,
    metric: null,
    architecture,
    model,
    options,
    engine,
    weights: initialWeights(architecture, options.seed),
    checkpoint: from,
    probe: null,
    controls,
    breathe: async () => {
      clock += 1000;
    },
    now: () => clock,
    observer: {
      started() {},
      paused() {},
      resumed() {},
      improved() {},
      progress: ({ step }, points, copy) => {
        for (const { step: at, loss } of points.steps) losses.set(at, loss);
        for (const { text } of points.notes) notes.push(text);
        if (step === interruptedAt) checkpoint ??= throughFile(copy());
        if (step >= stopAfter) controls.send({ type: 'stop' });
        last = copy();
      },
      ended: async (trained, network) => {
        batch = network.shape.batch;
        if (trained.result.end !== 'stopped')
          tailLearned = learnHeldOut(dataset, options, network, trained).weights;
        controls.close();
      },
    },
  });
  const { best, weights: lastWeights } = last! as Checkpoint;
  if (kept !== best.weights) throw new Error('The weights of the result are not those of the best state.');
  const recoveries = notes.filter((note) => note.startsWith('The loss exploded')).length;
  // A checkpoint at the run's end is dropped, because a run that went on from it would have its budget once
  // more.
  if (checkpoint && (checkpoint as Checkpoint).step >= result.steps) checkpoint = null;
  return { result, best, last: lastWeights, checkpoint, losses, notes, recoveries, tailLearned, batch };
}

function throughFile(checkpoint: Checkpoint): Checkpoint {
  const { weights, metadata } = packCheckpoint(checkpoint);
  const file = Buffer.concat(writeSafetensors(weights, metadata) as Uint8Array[]);
  return unpackCheckpoint(readSafetensorsFile(file));
}
