// Which cells become an operator of ONNX.
import { expect, test } from 'vitest';
import { cellsWithoutEncoder } from '../../src/cells/index.ts';
import { recurrentCell } from '../../src/export/onnx/recurrentCell.ts';
import { cell } from '../backend/networks.ts';

const operatorOf = (text: string) => recurrentCell(cell(text))?.operator ?? null;

test('the built-in cells', () => {
  const found = Object.fromEntries(
    [...cellsWithoutEncoder].map(([name, text]) => [name, operatorOf(text)] as const),
  );
  expect(found).toMatchObject({
    LSTM: 'LSTM',
    PeepholeLSTM: 'LSTM',
    GRU: 'GRU',
    Elman: 'RNN',
    ElmanSigmoid: 'RNN',
    ElmanReLU: 'RNN',
    IRNN: 'RNN',
    Jordan: null,
    LSTM1997: null,
    MGU: null,
    EchoState: null,
    Babylonian: null,
  });
});

const gru = `cell A
  z[t] = σ(W_z x[t] + U_z h[t-1])
  r[t] = σ(W_r x[t] + U_r h[t-1])
`;

test.each([
  ['an RNN without a bias', 'cell A\n h[t] = tanh(U h[t-1] + W x[t])\n', 'RNN'],
  ['an RNN in two equations', 'cell A\n a[t] = W x[t] + b\n h[t] = relu(a[t] + U h[t-1])\n', 'RNN'],
  ['a second product with x', 'cell A\n h[t] = tanh(U h[t-1] + W x[t] + V x[t])\n', null],
  ['a matrix of a matrix', 'cell A\n h[t] = tanh(U h[t-1] + W V x[t])\n', null],
  ['a constant in the sum', 'cell A\n h[t] = tanh(U h[t-1] + W x[t] + 1)\n', null],
  ['two steps back', 'cell A\n h[t] = tanh(U h[t-2] + W x[t])\n', null],
  ['a function that the operator lacks', 'cell A\n h[t] = exp(-(U h[t-1] + W x[t]))\n', null],
  ['no state', 'cell A\n h[t] = tanh(W x[t] + b)\n', null],
  ['another output', 'cell A\n h[t] = tanh(W x[t] + U h[t-1])\n a[t] = h[t] * h[t]\n output a[t]\n', null],
  [
    'an earlier gate',
    `${gru} h[t] = z[t-1] * h[t-1] + (1 - z[t-1]) * tanh(W x[t] + U (r[t] * h[t-1]))\n`,
    null,
  ],
  [
    'a GRU, the other way round',
    `${gru} h[t] = tanh(U (h[t-1] * r[t]) + W x[t]) * (1 - z[t]) + h[t-1] * z[t]\n`,
    'GRU',
  ],
  [
    'a GRU with the reset after',
    `${gru} h[t] = (1 - z[t]) * tanh(W x[t] + (U h[t-1] + d) * r[t]) + z[t] * h[t-1]\n`,
    'GRU',
  ],
  [
    'a gate and the rest of another',
    `${gru} h[t] = z[t] * h[t-1] + (1 - r[t]) * tanh(W x[t] + U (r[t] * h[t-1]))\n`,
    null,
  ],
  ['2 - z', `${gru} h[t] = z[t] * h[t-1] + (2 - z[t]) * tanh(W x[t] + U (r[t] * h[t-1]))\n`, null],
  [
    'gates without names',
    'cell A\n c[t] = σ(W x[t] + b) * c[t-1] + tanh(V x[t]) * σ(Q x[t] + U h[t-1])\n h[t] = tanh(c[t]) * σ(O x[t])\n',
    'LSTM',
  ],
  [
    'a peephole that sees another step',
    'cell A\n c[t] = σ(W x[t] + p * c[t-1]) * c[t-1] + tanh(V x[t]) * σ(Q x[t] + U h[t-1])\n h[t] = tanh(c[t]) * σ(O x[t] + q * c[t-1])\n',
    null,
  ],
  [
    'a sum of ever more sums',
    `cell A\n${Array.from({ length: 40 }, (_, i) => ` a${i + 1}[t] = a${i}[t] + a${i}[t]\n`).join('')} a0[t] = W x[t]\n h[t] = tanh(a40[t] + U h[t-1])\n`,
    null,
  ],
])('%s', (_, text, operator) => {
  expect(operatorOf(text)).toBe(operator);
});
