// The table of every option of a `model`, a `train` and a `task` section. The checker's ranges, completion, hover, the
// defaults and VS Code's settings of the same names are all derived from it.

import {
  choice,
  type ModelValues,
  type Option,
  onlyFor,
  type Row,
  real,
  share,
  type TaskValues,
  type TrainValues,
  whole,
} from './optionKinds.ts';

const model: Readonly<Record<keyof ModelValues, Row>> = {
  tokens: {
    ...choice({
      auto: 'characters, or pieces where a short trial on a long text says so',
      characters: 'a character',
      words: 'a word, a number, a run of spaces or a punctuation mark',
      pieces: 'a frequent piece of text (byte-pair encoding)',
    }),
    default: 'auto',
    description: 'What the network reads at each step.',
  },
  embedding: {
    ...whole(0, 4096, 'units'),
    default: 0,
    description:
      'Width of the learned vector that stands for a token; 0 means one-hot vectors and no embedding.',
  },
  layers: {
    kind: 'layers',
    default: [
      { cell: 'GRU', hidden: 128 },
      { cell: 'GRU', hidden: 128 },
    ],
    description:
      'The cells, the one that reads the text first, each with its number of units, as in `LSTM 128, GRU 64`. `both GRU 64` reads each row from both ends, with 64 units each.',
  },
  encoder: {
    kind: 'layers',
    default: [{ cell: 'GRU', hidden: 64, bidirectional: true }],
    description:
      'The cells that read the source of an encoder-decoder (Cho et al. 2014); `layers` are then those that write the target.',
  },
  dropout: {
    ...real(0, 1, share),
    default: 0.2,
    description:
      'Share of each layer’s output that is dropped during training (Zaremba et al. 2014), as `dropoutSchedule` says.',
  },
  tied: {
    kind: 'flag',
    default: false,
    description: 'The output layer’s matrix is the embedding’s (Press & Wolf 2017).',
  },
  direction: {
    ...choice({
      forward: 'from the start of the text to its end',
      backward: 'from the end of the text to its start',
    }),
    default: 'forward',
    description: 'The direction in which the text is read.',
  },
  pool: {
    ...choice({
      auto: 'chosen by the task',
      last: 'the vector of the last step',
      mean: 'the mean of all vectors of the row',
      max: 'the maximum of all vectors of the row, unit by unit (Conneau et al. 2017)',
    }),
    default: 'auto',
    description: 'Which vector the output of a row is read from, in tasks with one output per row.',
  },
};

const train: Readonly<Record<keyof TrainValues, Row>> = {
  k1: {
    ...whole(1, 10000, 'steps'),
    default: 50,
    description:
      'Truncated backpropagation through time: the number of steps between updates (Williams & Peng 1990).',
  },
  k2: {
    ...whole(1, 10000, 'steps'),
    default: 50,
    description: 'Truncated backpropagation through time: the number of steps that gradients go back.',
  },
  batch: {
    ...whole(1, 4096, 'sequences'),
    default: 24,
    description: 'Number of sequences that are read in parallel, each from its own place in the text.',
  },
  reset: {
    ...real(0, 1),
    default: 0.05,
    description:
      'Probability that a sequence starts a window at `h[0]` instead of where it left off, so that the network learns to begin anywhere in a text (Melis, Dyer & Blunsom 2018).',
  },
  optimizer: {
    ...choice({
      sgd: 'stochastic gradient descent',
      momentum: 'gradient descent with momentum (Polyak 1964)',
      nesterov: 'momentum that looks ahead (Nesterov 1983)',
      rmsprop: 'steps scaled by the recent gradient (Tieleman & Hinton 2012)',
      adam: 'scaled steps with momentum (Kingma & Ba 2015)',
      adamw: 'Adam with decoupled weight decay (Loshchilov & Hutter 2019)',
      'hessian-free':
        'each update minimises a quadratic model of the loss by conjugate gradients (Martens 2010), without learning rate and clipping; it takes large batches',
      ridge:
        'the output layer is solved by ridge regression, over layers that stay as they are (Jaeger 2001)',
    }),
    default: 'adam',
    description: 'How a gradient becomes an update, or how else the weights are found.',
  },
  momentum: {
    ...real(0, 1, share),
    default: 0.9,
    ...onlyFor('optimizer', 'momentum', 'nesterov'),
    description: 'Share of the last update that is kept.',
  },
  momentumSchedule: {
    ...choice({
      constant: 'it stays the same',
      rising:
        'it is 0.5 at first and then 1 − 0.5 / (⌊t / 250⌋ + 1), up to `momentum` (Sutskever et al. 2013)',
    }),
    default: 'constant',
    ...onlyFor('optimizer', 'momentum', 'nesterov'),
    description: 'How the momentum changes with the number t of updates.',
  },
  rho: {
    ...real(0, 1, share),
    default: 0.9,
    ...onlyFor('optimizer', 'rmsprop'),
    description: 'Share of the mean squared gradient that is kept.',
  },
  beta1: {
    ...real(0, 1, share),
    default: 0.9,
    ...onlyFor('optimizer', 'adam', 'adamw'),
    description: 'Share of the mean gradient that is kept.',
  },
  beta2: {
    ...real(0, 1, share),
    default: 0.999,
    ...onlyFor('optimizer', 'adam', 'adamw'),
    description: 'Share of the mean squared gradient that is kept.',
  },
  epsilon: {
    // With an epsilon of 0, the update of a weight without a gradient would be 0 / 0, and the weight become NaN.
    ...real(1e-12, 1),
    default: 1e-8,
    ...onlyFor('optimizer', 'rmsprop', 'adam', 'adamw'),
    description: 'Added to the root of the mean squared gradient before dividing by it.',
  },
  weightDecay: {
    ...real(0, 1),
    default: 0.01,
    ...onlyFor('optimizer', 'adamw'),
    description: 'Share of each weight, times the learning rate, that an update removes.',
  },
  penalty: {
    ...real(0, 1e9),
    default: 1e-6,
    ...onlyFor('optimizer', 'ridge'),
    description: 'Penalty of ridge regression on the squares of the output layer’s weights.',
  },
  damping: {
    ...real(1e-12, 1e9),
    default: 0.1,
    ...onlyFor('optimizer', 'hessian-free'),
    description:
      'Weight of the squared length of the first update in the model of the loss; it then follows how well the model has predicted the loss (Levenberg-Marquardt).',
  },
  structuralDamping: {
    ...real(0, 1e6),
    default: 0,
    ...onlyFor('optimizer', 'hessian-free'),
    description:
      'How much changes of the hidden states are damped beside those of the weights (Martens & Sutskever 2011), times `damping`; 0 is not at all.',
  },
  iterations: {
    ...whole(1, 10000),
    default: 100,
    ...onlyFor('optimizer', 'hessian-free'),
    description: 'The most iterations of conjugate gradients in an update.',
  },
  learningRate: {
    ...real(0, 100),
    default: 0.008,
    description: 'Size of an update.',
  },
  warmup: {
    ...whole(0, 1e6, 'updates'),
    default: 20,
    description: 'Number of updates over which the learning rate rises from 0.',
  },
  decay: {
    ...choice({
      none: 'it stays the same',
      linear: 'it falls to 0 in a straight line',
      cosine: 'it falls to 0 along half a cosine (Loshchilov & Hutter 2017)',
    }),
    default: 'cosine',
    description: 'What the learning rate does after the warm-up, over the budget.',
  },
  clipping: {
    ...choice({
      none: 'gradients are used as they are',
      norm: 'the norm of all gradients is held at `threshold` (Pascanu et al. 2013)',
      adaptive: 'it is held at `factor` times the mean norm of recent updates that were not clipped',
    }),
    default: 'norm',
    description: 'How gradients are kept from growing too large.',
  },
  threshold: {
    ...real(0, 1e6),
    default: 5,
    ...onlyFor('clipping', 'norm'),
    description: 'The largest norm that all gradients together may have.',
  },
  factor: {
    ...real(0, 1e6),
    default: 2,
    ...onlyFor('clipping', 'adaptive'),
    description: 'How many times the mean norm the gradients may reach.',
  },
  recover: {
    kind: 'flag',
    default: true,
    description:
      'Whether a run whose loss explodes goes back to its best state, at half the learning rate. If not, it is left to explode, so that it can be watched.',
  },
  l1: {
    ...real(0, 100),
    default: 0,
    description: 'Penalty on the absolute value of each weight.',
  },
  l2: {
    ...real(0, 100),
    default: 0,
    description: 'Penalty on half the square of each weight.',
  },
  classWeights: {
    ...choice({
      none: 'all rows teach the same',
      balanced: 'all classes teach the same, however many rows they have, and the macro F1 is the metric',
    }),
    default: 'none',
    description: 'How much the rows of each class teach an acceptor.',
  },
  scheduledSampling: {
    ...real(0, 1),
    default: 0,
    description:
      'Share of the tokens that a decoder reads as it has written them itself, instead of the true ones (Bengio et al. 2015). It is reached at the end of the budget.',
  },
  dropoutSchedule: {
    ...choice({
      constant: 'it stays the same',
      rising:
        'it is `dropout` times the share of the tokens read so far that had been read before: 0 in the first pass over the text, half of `dropout` after the second (after Morerio et al. 2017)',
    }),
    default: 'rising',
    description: 'How the dropout rate changes while the text is read again and again.',
  },
  seconds: {
    ...whole(1, 1e7, 'seconds', { none: true }),
    default: 60,
    description: 'Training ends after this many seconds.',
  },
  epochs: {
    ...real(0, 1e6, { none: true, unit: 'passes' }),
    default: null,
    description: 'Training ends after this many passes over the text.',
  },
  patience: {
    ...whole(1, 1e6, 'looks', { none: true }),
    default: 12,
    description:
      'After this many validations without improvement, and at least two passes over the data, the learning rate falls to 0 from the best state on, and training ends early.',
  },
  seed: {
    ...whole(0, 2 ** 32 - 1),
    default: 1,
    description: 'Seed of all random numbers: the same seed gives the same run.',
  },
};

const task: Readonly<Record<keyof TaskValues, Row>> = {
  kind: {
    ...choice({
      acceptor: 'reads a whole row and names its class (many-to-one)',
      regressor: 'reads a whole row and predicts its number, and how sure it is (many-to-one)',
      transducer: 'reads a sentence and names the tag of each token (many-to-many)',
      'encoder-decoder': 'reads a text and writes another (sequence to sequence)',
      forecaster: 'reads rows of numbers and predicts the next one, and how sure it is',
    }),
    default: 'acceptor',
    description: 'What the network is for. Without this section it models a text.',
  },
  reads: {
    kind: 'columns',
    default: null,
    description: 'The columns of the table that are read, as its header names them.',
  },
  writes: {
    kind: 'columns',
    default: null,
    description: 'The column of the table that is filled in, or the columns of numbers that are predicted.',
  },
  teach: {
    kind: 'teach',
    default: null,
    description:
      'The steps of a row whose losses count: `every step`, `last step`, or `last 5`. `auto` is every step for a transducer, and the last one for an acceptor or a regressor.',
  },
};

const rows = (section: Option['section'], table: Readonly<Record<string, Row>>): Option[] =>
  Object.entries(table).map(([name, row]) => ({ section, name, ...row }));

/** The options that are settings of VS Code, too. What a network is for is said of one table. */
export const settingOptions: readonly Option[] = [...rows('model', model), ...rows('train', train)];

// A bundle that needs settings alone leaves the others out.
export const options: readonly Option[] = /* @__PURE__ */ settingOptions.concat(
  /* @__PURE__ */ rows('task', task),
);

export const findOption = (section: Option['section'], name: string): Option | undefined =>
  options.find((option) => option.section === section && option.name === name);
