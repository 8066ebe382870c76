// A cell that gives the distribution itself, or reads the symbols themselves, may stand in some places only.
import { describe, expect, test } from 'vitest';
import { builtinCells } from '../../src/cells/index.ts';
import { Problem } from '../../src/protocol/problem.ts';
import { architecture, configure } from '../../src/training/configuration.ts';

const cells = { HMM: builtinCells.get('HMM')!, LSTM: builtinCells.get('LSTM')! };
const hmm = { cell: 'HMM', hidden: 3 };
const lstm = { cell: 'LSTM', hidden: 3 };

describe('a hidden Markov model', () => {
  test('is one layer where several are set', () => {
    const settings = { 'model.layers': 'LSTM 8, LSTM 6' };
    const { model } = configure({ settings, definition: cells.HMM, cell: 'HMM' });
    expect(model.layers).toEqual([{ cell: 'HMM', hidden: 6 }]);
  });

  test('has no output layer', () => {
    const built = architecture(5, { embedding: 0, layers: [hmm], tied: false }, cells);
    expect(built.layers.at(-1)!.cell.distribution).toBe(true);
  });

  test.each([
    ['below another', { embedding: 0, layers: [hmm, lstm], tied: false }, 'no layer can stand above it'],
    ['above another', { embedding: 0, layers: [lstm, hmm], tied: false }, 'it stands in the first layer'],
    ['with an embedding', { embedding: 4, layers: [hmm], tied: false }, 'without an embedding'],
    ['with a tied output', { embedding: 0, layers: [hmm], tied: true }, 'it cannot be tied'],
  ])('is refused in a sentence %s', (_, model, message) => {
    const build = () => architecture(5, model, cells);
    expect(build).toThrow(Problem);
    expect(build).toThrow(message);
  });

  test('is refused for a table of numbers', () => {
    const signature = {
      outputs: 5,
      input: 'numbers',
      likelihood: 'gaussian',
      head: { kind: 'every step' },
    } as const;
    expect(() => architecture(5, { embedding: 0, layers: [hmm], tied: false }, cells, signature)).toThrow(
      'the table has numbers: name another one in `model.layers`.',
    );
  });

  test('is refused where what it writes is not what it reads', () => {
    const signature = { outputs: 3, head: { kind: 'every step' } } as const;
    expect(() => architecture(5, { embedding: 0, layers: [hmm], tied: false }, cells, signature)).toThrow(
      'what comes next is a symbol too',
    );
  });
});
