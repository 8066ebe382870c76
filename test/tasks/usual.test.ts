import { expect, test } from 'vitest';
import { settingOptions } from '../../src/language/options/optionTable.ts';
import { taskNames } from '../../src/protocol/task.ts';
import { completeSettings } from '../../src/tasks/usual.ts';
import { configure } from '../../src/training/configuration.ts';

const bare = { definition: null, cell: null };

test('a language model has the defaults of the settings', () => {
  const complete = configure({ ...bare, settings: completeSettings('language model', {}) });
  expect(complete).toEqual(configure({ ...bare, settings: {} }));
});

test('what is kept of a run names every setting, so that it goes on as it began', () => {
  for (const task of taskNames)
    expect(Object.keys(completeSettings(task, {})).sort()).toEqual(
      settingOptions.map(({ section, name }) => `${section}.${name}`).sort(),
    );
});

test('a task has settings of its own, which those of the user override', () => {
  const { model, train } = configure({
    ...bare,
    settings: completeSettings('transducer', { 'train.batch': 8 }),
  });
  expect(model.layers).toEqual([{ cell: 'LSTM', hidden: 128, bidirectional: true }]);
  expect(model.dropout).toBe(0.5);
  expect(train).toMatchObject({ batch: 8, learningRate: 0.003, patience: null });
});

test('an encoder-decoder learns slowly, to the end of its budget, with some dropout', () => {
  const { model, train } = configure({ ...bare, settings: completeSettings('encoder-decoder', {}) });
  expect([model.dropout, train.learningRate, train.patience]).toEqual([0.1, 0.002, null]);
});

test('a file overrides both', () => {
  const definition = 'model\n  layers = GRU 8\n';
  const { model } = configure({
    definition,
    cell: null,
    settings: completeSettings('acceptor', { 'model.layers': 'LSTM 4' }),
  });
  expect(model.layers).toEqual([{ cell: 'GRU', hidden: 8 }]);
});
