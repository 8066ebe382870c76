import { describe, expect, test } from 'vitest';
import { random } from '../../../src/tape/random.ts';
import {
  learnWeights,
  type MixtureWeights,
  mix,
  natsOf,
  networkAlone,
  type WeighedRow,
} from '../../../src/tasks/acceptor/classMixture.ts';

const classes = 4;

/**
 * Rows of which a network and n-grams have opinions: each is larger for the true class by so much, and a random number of
 * standard deviation 1 otherwise.
 */
function opinionated(count: number, network: number, ngrams: number, seed: number): WeighedRow[] {
  const next = random(seed);
  const gaussian = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return Array.from({ length: count }, () => {
    const target = Math.floor(next() * classes);
    const opinion = (knows: number) =>
      Float64Array.from({ length: classes }, (_, each) => gaussian() + (each === target ? knows : 0));
    return { target, opinions: [opinion(network), opinion(ngrams), new Float64Array(classes)] };
  });
}

/** The loss that the weights minimise. */
const cost = (rows: readonly WeighedRow[], weights: MixtureWeights) =>
  natsOf(rows, weights) +
  weights.reduce((sum, weight, index) => sum + (weight - networkAlone[index]) ** 2 / 2, 0);

const right = (rows: readonly WeighedRow[], weights: MixtureWeights) =>
  rows.filter(({ opinions, target }) => {
    const p = mix(opinions, weights);
    return p.indexOf(Math.max(...p)) === target;
  }).length;

test('a mixture is the normalised product of powers of what is said', () => {
  const opinions = [[0, 1, 2].map(Math.log1p), [2, 1, 0].map(Math.log1p), [1, 1, 1].map(Math.log1p)] as const;
  const powers = [1, 2, 3].map((p, each) => p ** 0.5 * [3, 2, 1][each] ** 2 * 2 ** 0.25);
  const sum = powers.reduce((total, power) => total + power);
  const p = mix(opinions, [0.5, 2, 0.25]);
  for (const [each, power] of powers.entries()) expect(p[each]).toBeCloseTo(power / sum, 12);
});

test('the weights are those of a search over a grid', () => {
  const rows = opinionated(150, 1.5, 2, 1);
  const found = learnWeights(rows);
  let best: MixtureWeights = networkAlone;
  for (let network = 0; network <= 4; network += 0.05)
    for (let ngrams = 0; ngrams <= 4; ngrams += 0.05) {
      const weights = [network, ngrams, 0] as const;
      if (cost(rows, weights) < cost(rows, best)) best = weights;
    }
  expect(cost(rows, found)).toBeLessThanOrEqual(cost(rows, best));
  for (const [index, weight] of best.entries()) expect(Math.abs(found[index] - weight)).toBeLessThan(0.06);
});

describe.each([1, 2, 3, 4, 5])('with seed %i', (seed) => {
  test('n-grams that know something join, and the two are better than each', () => {
    const weights = learnWeights(opinionated(200, 2, 2, seed));
    const others = opinionated(2000, 2, 2, seed + 100);
    expect(weights[1]).toBeGreaterThan(0.5);
    expect(right(others, weights)).toBeGreaterThan(right(others, networkAlone) + 50);
    expect(right(others, weights)).toBeGreaterThan(right(others, [0, 1, 0]) + 50);
    expect(natsOf(others, weights)).toBeLessThan(natsOf(others, networkAlone));
  });

  test('n-grams that know nothing, or say the opposite, leave the network alone', () => {
    expect(learnWeights(opinionated(200, 2, 0, seed))).toBe(networkAlone);
    expect(learnWeights(opinionated(200, 2, -2, seed))).toBe(networkAlone);
  });

  test('a network that knows nothing is hardly heard', () => {
    const [network, ngrams] = learnWeights(opinionated(2000, 0, 3, seed));
    expect(network).toBeLessThan(0.2);
    expect(ngrams).toBeGreaterThan(1);
  });
});

test('likelihoods of long rows, which are far too sure, get a small weight', () => {
  const rows = opinionated(200, 1, 2, 6).map(({ target, opinions: [network, ngrams, shares] }) => ({
    target,
    opinions: [network, (ngrams as Float64Array).map((each) => 50 * each - 900), shares] as const,
  }));
  const [, ngrams] = learnWeights(rows);
  expect(ngrams).toBeGreaterThan(0.02);
  expect(ngrams).toBeLessThan(0.06);
});

test('rows that are all told apart leave the weights finite', () => {
  const weights = learnWeights(opinionated(100, 2, 100, 7));
  expect(weights.every(Number.isFinite)).toBe(true);
  expect(weights[1]).toBeGreaterThan(0);
});
