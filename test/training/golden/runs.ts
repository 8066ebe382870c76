// Small fixed training runs, each from a seed, whose results are kept in golden.json.
import { createHash } from 'node:crypto';
import type { Engine, Weights } from '../../../src/backend/engine.ts';
import { readCorpus } from '../../../src/data/text/corpus.ts';
import { TextDataset } from '../../../src/data/text/textDataset.ts';
import { appendPoints, emptyPoints } from '../../../src/protocol/run.ts';
import { initialWeights } from '../../../src/tape/parameters.ts';
import { random } from '../../../src/tape/random.ts';
import { prepareForecaster } from '../../../src/tasks/forecaster/index.ts';
import type { PreparedTask } from '../../../src/tasks/task.ts';
import { prepareTransducer } from '../../../src/tasks/transducer/index.ts';
import { architecture, configure, type RunConfiguration } from '../../../src/training/configuration.ts';
import { Controls } from '../../../src/training/controls.ts';
import { train } from '../../../src/training/trainer.ts';
import { tagged } from '../../data/columns/tagged.ts';

/**
 * The sections of each run, by its name. Together the runs have every optimiser, every kind of clipping,
 * k1 < k2, k1 = k2 and k1 > k2.
 */
export const runs: Readonly<Record<string, string>> = {
  'LSTM, Adam, overlapping windows, dropout, resets': `
model
  layers = LSTM 12
  dropout = 0.2
train
  optimizer = adam
  learningRate = 0.01
  k1 = 8
  k2 = 12
  reset = 0.2
  threshold = 0.5
`,
  'GRU over Elman, momentum, adaptive clipping, windows with a lead': `
model
  layers = Elman 10, GRU 9
  embedding = 6
  dropout = 0.1
train
  optimizer = momentum
  learningRate = 0.05
  k1 = 12
  k2 = 8
  clipping = adaptive
  factor = 1
  warmup = 10
  decay = cosine
`,
  'Jordan, plain gradient descent, penalties, no clipping': `
model
  layers = Jordan 8
train
  optimizer = sgd
  learningRate = 0.5
  k1 = 10
  k2 = 10
  clipping = none
  l1 = 0.0001
  l2 = 0.001
`,
  'MGU, AdamW, tied embedding, resets, a batch that threads share unevenly': `
model
  layers = MGU 11
  embedding = 11
  tied = true
train
  optimizer = adamw
  learningRate = 0.005
  k1 = 10
  k2 = 10
  batch = 5
  reset = 0.5
  decay = linear
`,
  'LSTM with peepholes, Nesterov momentum, backward': `
model
  layers = PeepholeLSTM 7
  direction = backward
train
  optimizer = nesterov
  learningRate = 0.05
  k1 = 5
  k2 = 15
  threshold = 0.2
`,
  'transducer, LSTM both ways, sums of embeddings, Adam, dropout': `
model
  layers = both LSTM 6
  embedding = 5
  dropout = 0.2
train
  optimizer = adam
  learningRate = 0.02
task
  kind = transducer
`,
  'GRU that forecasts numbers, Adam': `
model
  layers = GRU 12
train
  k1 = 10
  k2 = 10
  learningRate = 0.003
task
  kind = forecaster
`,
  'echo state network, RMSProp': `
model
  layers = EchoState 20
train
  optimizer = rmsprop
  learningRate = 0.002
  k1 = 10
  k2 = 10
`,
};

/** The settings and options of all runs; a run's own sections take precedence. */
const settings = {
  'train.batch': 4,
  'train.warmup': 0,
  'train.decay': 'none',
  'train.reset': 0,
  'train.seconds': null,
  'train.epochs': 1,
  'train.seed': 3,
};

/** Returns a text in which there is something to learn, from a seed. */
function text(): string {
  const next = random(11);
  const one = (words: readonly string[]) => words[Math.floor(next() * words.length)];
  const line = () =>
    `${one(['Mon', 'Tue', 'Wed'])} ${Math.floor(next() * 24)}:00 ${one(['pump', 'fan', 'valve'])} ${one(['on', 'off', 'stuck'])}\n`;
  return Array.from({ length: 100 }, line).join('');
}

export interface Outcome {
  /** The loss of each update and each validation loss, in bits per character. */
  readonly losses: readonly number[];
  readonly validations: readonly number[];
  /** The hashes of the weights before the first and after the last update. */
  readonly initial: string;
  readonly final: string;
}

/** Returns a table in which there is something to learn, from a seed. */
function table(): string {
  const next = random(12);
  let level = 0;
  const row = (_: unknown, t: number) => {
    level = 0.8 * level + next() - 0.5;
    return `${(level + (t % 5)).toFixed(3)},${(level * (t % 2)).toFixed(3)}`;
  };
  return ['level,product', ...Array.from({ length: 500 }, row)].join('\n');
}

/** Returns what a run trains on, and its network. */
async function prepare(
  configuration: RunConfiguration,
): Promise<Pick<PreparedTask, 'dataset' | 'architecture'>> {
  const { model, cells, task } = configuration;
  const asked = {
    configuration,
    earlier: null,
    engine: () => Promise.reject(new Error('Nothing is tried beforehand.')),
    breathe: async () => {},
    now: () => 0,
  };
  if (task?.kind === 'transducer')
    return await prepareTransducer({
      ...asked,
      request: { documents: [tagged(60, 11)] },
      choice: { kind: 'transducer', reads: null, writes: null, heldOut: null },
    });
  if (task?.kind === 'forecaster')
    return await prepareForecaster({
      ...asked,
      request: { documents: [table()] },
      choice: { kind: 'forecaster', reads: null, writes: null },
    });
  const corpus = readCorpus(text(), { direction: model.direction });
  return {
    dataset: new TextDataset(corpus),
    architecture: architecture(corpus.vocabulary.size, model, cells),
  };
}

export async function runOn(engine: Engine, sections: string): Promise<Outcome> {
  const configuration = configure({ settings, definition: sections, cell: null });
  const { model, train: options } = configuration;
  const { dataset, architecture: network } = await prepare(configuration);
  const weights = initialWeights(network, options.seed);
  const points = emptyPoints();
  let final: Weights = weights;
  await train({
    dataset,
    metric: null,
    architecture: network,
    model,
    options,
    engine,
    weights,
    checkpoint: null,
    probe: null,
    controls: Controls.none(),
    breathe: async () => {},
    now: () => 0,
    observer: {
      started() {},
      paused() {},
      resumed() {},
      progress: (_, fresh) => appendPoints(points, fresh),
      improved() {},
      async ended(_, trained) {
        final = trained.weights();
      },
    },
  });
  return {
    losses: points.steps.map(({ loss }) => loss),
    validations: points.validations.map(({ loss }) => loss),
    initial: hash(weights),
    final: hash(final),
  };
}

function hash(weights: Weights): string {
  const sha = createHash('sha256');
  for (const [name, { shape, data }] of weights)
    sha.update(`${name} ${shape}\n`).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return sha.digest('hex').slice(0, 16);
}
