import { describe, expect, test } from 'vitest';
import { readCells } from '../../../src/language/check.ts';
import { describeOption } from '../../../src/language/editing/hover.ts';
import { modelWithDefaults, trainWithDefaults } from '../../../src/language/options/optionDefaults.ts';
import { options } from '../../../src/language/options/optionTable.ts';

test.each(options.map((option) => [option.name, option] as const))(
  'the default of %s is one that a file can say',
  (name, option) => {
    const { diagnostics, [option.section]: values } = readCells(
      `${option.section}\n  ${describeOption(option).code}`,
    );
    expect(diagnostics).toEqual([]);
    expect(values).toEqual({ [name]: option.default });
  },
);

test('a name is an option once, and what it depends on is one too', () => {
  const names = options.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { section, only } of options) {
    if (!only) continue;
    const other = options.find((option) => option.section === section && option.name === only.name);
    expect(other?.kind === 'choice' && [...other.choices.keys()]).toEqual(
      expect.arrayContaining([...only.values]),
    );
  }
});

test('the first source that says an option counts', () => {
  const model = modelWithDefaults({ embedding: 8 }, { embedding: 16, dropout: 0.5 });
  expect(model).toEqual({
    tokens: 'auto',
    encoder: [{ cell: 'GRU', hidden: 64, bidirectional: true }],
    embedding: 8,
    layers: [
      { cell: 'GRU', hidden: 128 },
      { cell: 'GRU', hidden: 128 },
    ],
    dropout: 0.5,
    tied: false,
    direction: 'forward',
    pool: 'auto',
  });
});

describe('an optimiser and the clipping have their own numbers and no others', () => {
  test.each([
    [{}, { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 }],
    [
      { optimizer: 'adamw', weightDecay: 0.1 },
      { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1 },
    ],
    [
      { optimizer: 'rmsprop', rho: 0.95 },
      { kind: 'rmsprop', rho: 0.95, epsilon: 1e-8 },
    ],
    [{ optimizer: 'nesterov' }, { kind: 'nesterov', momentum: 0.9 }],
    [
      { optimizer: 'nesterov', momentumSchedule: 'rising' },
      { kind: 'nesterov', momentum: 0.9, schedule: 'rising' },
    ],
    [
      { optimizer: 'momentum', momentum: 0.5 },
      { kind: 'momentum', momentum: 0.5 },
    ],
    [{ optimizer: 'sgd' }, { kind: 'sgd' }],
  ] as const)('%o', (said, optimizer) => expect(trainWithDefaults(said).optimizer).toEqual(optimizer));

  test.each([
    [{}, { kind: 'norm', threshold: 5 }],
    [{ clipping: 'adaptive' }, { kind: 'adaptive', factor: 2 }],
    [{ clipping: 'none', threshold: 3 }, { kind: 'none' }],
  ] as const)('%o', (said, clipping) => expect(trainWithDefaults(said).clipping).toEqual(clipping));
});
