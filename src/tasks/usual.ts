// The network and the settings of each task where neither the user nor a `.rnn` file says otherwise.
import { layersText } from '../language/options/layers.ts';
import type { LayerOptions } from '../language/options/options.ts';
import { settingOptions } from '../language/options/optionTable.ts';
import type { TaskName } from '../protocol/task.ts';
import { usualEmbedding } from './transducer/index.ts';

export interface Usual {
  /** Every layer of the network. */
  readonly layer: LayerOptions;
  readonly layers: number;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The dropout of tasks for which a rising one has not been measured. */
const constantDropout = (rate: number) => ({
  'model.dropout': rate,
  'train.dropoutSchedule': 'constant',
});

/** A table has few rows, all of which are read to their end, so that one layer is enough. */
export const usual: Readonly<Record<TaskName, Usual>> = {
  'language model': { layer: { cell: 'GRU', hidden: 128 }, layers: 2, settings: {} },
  acceptor: {
    layer: { cell: 'GRU', hidden: 64 },
    layers: 1,
    settings: { ...constantDropout(0), 'model.embedding': 32 },
  },
  regressor: {
    layer: { cell: 'GRU', hidden: 64 },
    layers: 1,
    settings: { ...constantDropout(0), 'model.embedding': 32 },
  },
  transducer: {
    layer: { cell: 'LSTM', hidden: 128, bidirectional: true },
    layers: 1,
    settings: {
      'model.embedding': usualEmbedding,
      ...constantDropout(0.5),
      'train.batch': 16,
      'train.learningRate': 0.003,
      // The accuracy rises until the learning rate has fallen to its end, so that a run does not end before.
      'train.patience': null,
    },
  },
  'encoder-decoder': {
    layer: { cell: 'AdditiveAttention', hidden: 128 },
    layers: 1,
    settings: {
      'model.encoder': 'both GRU 64',
      ...constantDropout(0.1),
      'train.batch': 32,
      // At the learning rate of a language model, a long training gets worse before the rate falls.
      'train.learningRate': 0.002,
      'train.patience': null,
    },
  },
  forecaster: {
    layer: { cell: 'GRU', hidden: 64 },
    layers: 1,
    settings: { ...constantDropout(0), 'model.embedding': 0 },
  },
};

/**
 * Returns all settings of a run: those of the user, then those that the task usually has, then the defaults. They are
 * kept with the model, so that a run goes on with what it began with, whatever later versions choose.
 */
export function completeSettings(
  task: TaskName,
  said: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { layer, layers, settings } = usual[task];
  const defaults = settingOptions.map((option) => [
    `${option.section}.${option.name}`,
    option.kind === 'layers' ? layersText(option.default as readonly LayerOptions[]) : option.default,
  ]);
  return {
    ...Object.fromEntries(defaults),
    'model.layers': layersText(Array(layers).fill(layer)),
    ...settings,
    ...said,
  };
}
