import { expect, test } from 'vitest';
import { builtinCells, cellsWithoutEncoder } from '../../../src/cells/index.ts';
import { torchModule } from '../../../src/export/pytorch/torchModules.ts';
import { readCells } from '../../../src/language/check.ts';

const kindOf = (text: string) => {
  const [cell] = readCells(text).cells;
  return torchModule(cell)?.kind ?? null;
};
const lstm = builtinCells.get('LSTM')!;
const gru = builtinCells.get('ResetAfterGRU')!;

test('the built-in cells that torch has, and no others', () => {
  const kinds = [...cellsWithoutEncoder].flatMap(([name, text]) => {
    const kind = kindOf(text);
    return kind === null ? [] : [[name, kind]];
  });
  expect(Object.fromEntries(kinds)).toEqual({
    LSTM: 'LSTM',
    ResetAfterGRU: 'GRU',
    Elman: 'RNN',
    ElmanReLU: 'RNN',
    IRNN: 'RNN',
  });
});

test.each<[string, string, string | null]>([
  [
    'terms in another order',
    lstm.replace('W_f x[t] + U_f h[t-1] + b_f', 'b_f + (U_f h[t-1] + W_f x[t])'),
    'LSTM',
  ],
  ['factors in another order', lstm.replace('i[t] * g[t]', 'g[t] * i[t]'), 'LSTM'],
  ['a learned initial state', `${lstm}  h[0] = learned\n`, 'LSTM'],
  ['a gate without a bias', lstm.replace(' + b_f)', ')').replace('init b_f = 1', ''), null],
  ['a matrix that two gates share', lstm.replace('U_i', 'U_f'), null],
  ['another function', lstm.replace('g[t] = tanh', 'g[t] = σ'), null],
  ['a fixed matrix', `${lstm}  fixed U_f\n`, null],
  ['a longer delay', lstm.replace('f[t] * c[t-1]', 'f[t] * c[t-2]'), null],
  ['another output', `${lstm}  output c[t]\n`, null],
  ['a gate that is read later', lstm.replace('f[t] * c[t-1]', 'f[t-1] * c[t-1]'), null],
  ['one equation more', `${lstm}  k[t] = c[t] * 2\n`, null],
  ['a GRU whose reset is elsewhere', builtinCells.get('GRU')!, null],
  ['a GRU with its roles exchanged', gru.replace('(1 - z[t]) * g[t]', 'g[t] * (1 - z[t])'), 'GRU'],
  [
    'a GRU that keeps the candidate',
    gru.replace('z[t] * h[t-1] + (1 - z[t])', '(1 - z[t]) * h[t-1] + z[t]'),
    null,
  ],
])('%s', (_, text, kind) => expect(kindOf(text)).toBe(kind));
