// The forward pass alone gives the loss of the whole step, to the bit, wherever the weights are.
import { expect, test } from 'vitest';
import { builtinCells } from '../../../src/cells/index.ts';
import type { Architecture } from '../../../src/tape/architecture.ts';
import { initialWeights } from '../../../src/tape/parameters.ts';
import { smallNetwork } from '../../../src/tape/probing/checkGradients.ts';
import { random } from '../../../src/tape/random.ts';
import { ScalarTraining } from '../../../src/tape/scalar/scalarTraining.ts';
import { builtin, network, tokens } from '../../backend/networks.ts';

const both = network([builtin('LSTM'), builtin('GRU')]).layers.map((layer) => ({
  ...layer,
  bidirectional: true,
}));
const further: Record<string, Architecture> = {
  'read from both ends': network([], { layers: both }),
  'pooled by the mean': network([builtin('GRU')], { head: { kind: 'pooled', pool: 'mean' } }),
  'pooled by the max': network([], { layers: both, head: { kind: 'pooled', pool: 'max' } }),
  'with an embedding that is also the readout': network([builtin('LSTM')], { embedding: 4, tied: true }),
  'after an encoder of both directions': network([builtin('GRU')], {
    encoder: { inputs: 5, embedding: 0, layers: both },
  }),
};

const networks = [
  ...[...builtinCells.keys()].map((name): [string, Architecture] => [name, smallNetwork(builtin(name))]),
  ...Object.entries(further),
];

test.each(networks)('%s', (_, architecture) => {
  const [batch, steps, positions] = [3, 5, 4];
  const training = new ScalarTraining(architecture, { batch, steps, positions, dropout: 0.3, seed: 1 });
  training.load(initialWeights(architecture, 1));
  const window = {
    x: tokens(batch * steps, architecture.inputs, 1),
    y: tokens(batch * steps, architecture.outputs, 2),
    fresh: true,
    countFrom: 0,
    scale: 1 / (batch * steps),
    ...(architecture.encoder && { source: tokens(batch * positions, architecture.encoder.inputs, 3) }),
  };
  const next = random(4);
  for (let round = 0; round < 3; round++) {
    const losses = [training.loss(window), training.run(window), training.loss(window)];
    expect(losses[1]).toBeGreaterThan(0);
    expect(losses).toEqual(losses.map(() => losses[1]));
    for (const { name } of training.described)
      for (const word of training.words(name)) training.memory[word] += (next() - 0.5) * 0.5;
  }
});
