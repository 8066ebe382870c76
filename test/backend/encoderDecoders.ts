// Small encoder-decoders for tests: states of all kinds, and all that cells can say of positions.
import type { Architecture, Stack } from '../../src/tape/architecture.ts';
import { initialWeights, type Weights } from '../../src/tape/parameters.ts';
import { random } from '../../src/tape/random.ts';
import { builtin, cell, network } from './networks.ts';

const gru = cell(
  'cell D\n z[t] = sigmoid(W_z x[t] + U_z h[t-1] + C_z given + b_z)\n r[t] = sigmoid(W_r x[t] + U_r h[t-1] + C_r given)\n h[t] = (1 - z[t]) * h[t-1] + z[t] * tanh(W x[t] + r[t] * (U h[t-1]) + C given + b)\n h[0] = tanh(A given + a)',
);
const lagged = cell('cell D\n h[t] = tanh(W x[t] + U h[t-1] + V h[t-2] + b)\n h[0] = tanh(A given) first 3');
const learned = cell(
  'cell D\n h[t] = tanh(W x[t] + U h[t-1] + V c[t-1])\n c[t] = R h[t] * c[t-2] + G given * a\n width c = 6\n h[0] = learned from 0.2\n c[0] = sin(B given)',
);

const attending = 'a[t,s] = softmax over s (e[t,s])\n c[t] = sum over s (a[t,s] * m[s])';
const gated =
  'z[t] = sigmoid(W_z x[t] + C_z c[t] + U_z h[t-1] + b_z)\n h[t] = z[t] * h[t-1] + (1 - z[t]) * tanh(W x[t] + C c[t] + U h[t-1] + b)';
const additive = cell(
  `cell A\n e[t,s] = v · tanh(W_a h[t-1] + U_a m[s] + b_a)\n ${attending}\n ${gated}\n h[0] = tanh(A given)`,
);
const bilinear = cell(`cell A\n e[t,s] = h[t-1] · (U_a m[s])\n ${attending}\n ${gated}`);
const dot = cell(
  `cell A\n e[t,s] = q[t] · m[s] / 2\n q[t] = Q h[t]\n ${attending}\n h[t] = tanh(W x[t] + U h[t-1])\n o[t] = tanh(C c[t] + V h[t])\n output o[t]`,
);
const gates = cell(
  'cell A\n q[t,s] = sigmoid(W_a h[t-1] * b_a + U_a m[s])\n p[t,s] = softmax over s (Q q[t,s] + given)\n n[s] = tanh(N m[s] + given)\n c[t] = sum over s (p[t,s] * m[s]) + sum over s (n[s])\n d[t] = sum over s (q[t,s] * 0.5)\n h[t] = tanh(W x[t] + C c[t] + D d[t] + U h[t-1])',
);

export const encoder = (...layers: Stack['layers']): Stack => ({ inputs: 6, embedding: 3, layers });
export const both = { cell: builtin('GRU'), hidden: 3, bidirectional: true };

export const architectures: Record<string, Architecture> = {
  'a GRU that reads both ways, and one that starts from it': network([gru], {
    encoder: encoder(both),
    embedding: 4,
  }),
  'an LSTM, and two layers that look back': network([lagged, builtin('LSTM')], {
    encoder: encoder({ cell: builtin('LSTM'), hidden: 5 }),
  }),
  'two layers, and two states': network([learned], {
    encoder: encoder(both, {
      cell: cell('cell E\n h[t] = tanh(W x[t] + V x[t-1] + U h[t-2])\n h[0] = 0.4 first 2'),
      hidden: 6,
    }),
  }),
  'one-hot symbols, and a state that is computed': network([gru], {
    encoder: {
      inputs: 6,
      embedding: 0,
      layers: [
        {
          cell: cell('cell E\n h[t] = tanh(W x[t] + U h[t-1])\n h[0] = sin(a)'),
          hidden: 4,
          bidirectional: true,
        },
      ],
    },
  }),
  'additive attention': network([additive], { encoder: encoder(both), embedding: 4 }),
  'bilinear attention over a GRU': network([builtin('GRU'), bilinear], { encoder: encoder(both) }),
  'dot products beside the recurrence': network([dot], {
    encoder: encoder({ cell: builtin('LSTM'), hidden: 5 }),
  }),
  'dot products with a state as wide as the encoder': network([], {
    layers: [{ cell: builtin('DotAttention'), hidden: 6 }],
    encoder: encoder(both),
  }),
  'gates and sums over positions': network([gates], { encoder: encoder(both, both), embedding: 4 }),
  'an embedding alone': network([gru], { encoder: encoder() }),
};

export function weightsOf(architecture: Architecture, seed: number): Weights {
  const next = random(seed);
  const weights = initialWeights(architecture, seed);
  for (const { data } of weights.values())
    for (let i = 0; i < data.length; i++) data[i] += (next() - 0.5) * 0.4;
  return weights;
}
