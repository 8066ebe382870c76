// The matrices of a network that multiply what an earlier step has left.
import { expect, test } from 'vitest';
import { initialWeights } from '../../../src/tape/parameters.ts';
import { recurrentRadii } from '../../../src/tape/probing/recurrentRadii.ts';
import { builtin, cell, network } from '../../backend/networks.ts';

const encoder = { inputs: 5, embedding: 4, layers: [] };

test.each([
  ['attention in lines of its own', builtin('AdditiveAttention'), ['U_g', 'U_r', 'U_z', 'W_a']],
  [
    'attention in one line',
    cell(`cell OneLine
      c[t] = sum over s (softmax over s (v · tanh(W_a h[t-1] + U_a m[s])) * m[s])
      h[t] = tanh(W x[t] + U h[t-1] + C c[t])
      init v = normal(0.1)`),
    ['U', 'W_a'],
  ],
])('%s', (_, decoder, expected) => {
  const architecture = network([decoder], { encoder });
  const radii = recurrentRadii(architecture, initialWeights(architecture, 1));
  expect([...radii.keys()].sort()).toEqual(expected.map((name) => `layers.0.${name}`));
});
