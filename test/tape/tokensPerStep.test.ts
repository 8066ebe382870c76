// Steps of several tokens, whose embeddings are summed: gradients by differences in 64 bits, and padding.
import { describe, expect, test } from 'vitest';
import type { Architecture } from '../../src/tape/architecture.ts';
import { initialWeights, parameters } from '../../src/tape/parameters.ts';
import { checkGradients } from '../../src/tape/probing/checkGradients.ts';
import { random } from '../../src/tape/random.ts';
import { ScalarTraining } from '../../src/tape/scalar/scalarTraining.ts';
import { builtin, network } from '../backend/networks.ts';

const tagger = (tokensPerStep: number, bidirectional: boolean): Architecture => {
  const { layers, ...rest } = network([builtin('LSTM')], {
    inputs: 9,
    outputs: 3,
    embedding: 4,
    tokensPerStep,
  });
  return { ...rest, layers: layers.map((layer) => ({ ...layer, bidirectional })) };
};

describe.each([1, 2, 5])('%i tokens a step', (each) => {
  test.each([
    [1, 1],
    [3, 5],
    [2, 7],
  ])('%i rows of %i steps have the right gradients', (batch, steps) => {
    for (const bidirectional of [false, true]) {
      const options = { batch, steps, padded: steps > batch, seed: each };
      const { verdict, error } = checkGradients(tagger(each, bidirectional), options);
      expect(verdict).toBe('right');
      expect(error).toBeLessThan(1e-5);
    }
  });

  test('the loss is that of one table that has the sum of the embeddings of each combination', () => {
    const architecture = tagger(each, true);
    const [batch, steps] = [2, 4];
    const next = random(3);
    const x = Int32Array.from({ length: batch * steps * each }, (_, i) =>
      i % each > 0 && next() < 0.3 ? -1 : Math.floor(next() * 9),
    );
    const y = Int32Array.from({ length: batch * steps }, () => Math.floor(next() * 3));
    const weights = initialWeights(architecture, 5);
    const lossOf = (of: Architecture, given: typeof weights, tokens: Int32Array) => {
      const training = new ScalarTraining(of, { batch, steps, dropout: 0, seed: 1 });
      training.load(given);
      return training.run({ x: tokens, y, fresh: true, countFrom: 0, scale: 1 });
    };
    const { data } = weights.get('embedding')!;
    const summed = Float32Array.from({ length: batch * steps * 4 }, (_, i) =>
      Array.from({ length: each }, (_, index) => x[Math.floor(i / 4) * each + index])
        .filter((token) => token >= 0)
        .reduce((sum, token) => sum + data[token * 4 + (i % 4)], 0),
    );
    const { tokensPerStep, ...single } = { ...architecture, inputs: batch * steps };
    expect(tokensPerStep).toBe(each);
    const table = new Map(weights).set('embedding', { shape: [batch * steps, 4], data: summed });
    const found = lossOf(architecture, weights, x);
    expect(found).toBeCloseTo(
      lossOf(
        single,
        table,
        Int32Array.from({ length: batch * steps }, (_, i) => i),
      ),
      6,
    );
    expect(parameters(architecture)[0].shape).toEqual([9, 4]);
  });
});
