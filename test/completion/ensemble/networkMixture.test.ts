import { expect, test } from 'vitest';
import { sigmoid } from '../../../src/completion/ensemble/logisticMixer.ts';
import { NetworkMixture } from '../../../src/completion/ensemble/networkMixture.ts';
import { random } from '../../../src/tape/random.ts';

const sets = { known: 3, matchRank: 0 };

test('without a network the counts decide, whatever chooses the weights', () => {
  const mixture = new NetworkMixture(false, null);
  for (let known = 0; known < 8; known++) expect(mixture.mix(1.3, 0, { known, matchRank: known })).toBe(1.3);
});

test('comes to believe the network where that is right, and in those sets', () => {
  const next = random(1);
  const mixture = new NetworkMixture(true, null);
  const other = { known: 5, matchRank: 4 };
  const before = mixture.mix(1, 2, other);
  for (let i = 0; i < 30_000; i++) {
    const [counts, network] = [4 * next() - 2, 4 * next() - 2];
    mixture.mix(counts, network, sets);
    mixture.learn(next() < sigmoid(network) ? 1 : 0);
  }
  expect(mixture.mix(0, 1, sets)).toBeGreaterThan(0.8);
  expect(Math.abs(mixture.mix(1, 0, sets))).toBeLessThan(0.2);
  expect(mixture.mix(1, 2, other)).toBe(before);
});

test('weights of another shape are not taken', () => {
  const old = new NetworkMixture(true, new Float32Array(325).fill(7));
  expect(old.weights).toEqual(new NetworkMixture(true, null).weights);
  const learned = new Float32Array(old.weights.length).fill(0.25);
  expect(new NetworkMixture(true, learned).weights).toEqual(learned);
});
