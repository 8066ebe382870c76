import { expect, test } from 'vitest';
import type { Expectation } from '../../../src/completion/ensemble/matchModel.ts';
import { Mixture, matchInputs, type Predictions } from '../../../src/completion/ensemble/mixture.ts';
import { random } from '../../../src/tape/random.ts';

const [predictions, tokens, sets] = [3, 7, 4];

function randomOpinions(next: () => number, expected: Expectation | null): Predictions {
  const logs = Array.from({ length: predictions }, () => {
    const p = Float64Array.from({ length: tokens }, () => next() + 0.01);
    const sum = p.reduce((a, b) => a + b, 0);
    return p.map((each) => Math.log(each / sum));
  });
  return { logs, expected, sets: [0, 2] };
}

function start(next: () => number) {
  const weights = Float32Array.from({ length: sets * (predictions + matchInputs) }, next);
  return { weights, mixture: new Mixture(predictions, weights, true) };
}

const mix = (mixture: Mixture, of: Predictions) => {
  const p = new Float64Array(tokens);
  mixture.mix(of, p);
  return p;
};

test.each([
  ['without a match', null],
  ['with one', { token: 3, evidence: 1.7, rank: 2 }],
])('is one distribution, the normalised product of powers, %s', (_, expected) => {
  const next = random(1);
  const { weights, mixture } = start(next);
  const of = randomOpinions(next, expected);
  const p = mix(mixture, of);
  expect(p.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
  const weight = (input: number) => weights[input] + weights[2 * (predictions + matchInputs) + input];
  const products = Array.from({ length: tokens }, (_, token) => {
    const powers = of.logs.map((log, input) => Math.exp(log[token]) ** weight(input));
    const bonus =
      expected?.token === token
        ? Math.exp(weight(predictions) * expected.evidence + weight(predictions + 1))
        : 1;
    return powers.reduce((a, b) => a * b, 1) * bonus;
  });
  const sum = products.reduce((a, b) => a + b, 0);
  for (const [token, product] of products.entries()) expect(p[token]).toBeCloseTo(product / sum, 10);
});

test('learns along the gradient of the logarithm of what came, as differences measure it', () => {
  const next = random(2);
  const { weights, mixture } = start(next);
  const of = randomOpinions(next, { token: 3, evidence: 0.8, rank: 0 });
  const token = 5;
  const logarithm = () => Math.log(mix(mixture, of)[token]);
  const slopes = Array.from(weights, (weight, at) => {
    const h = 1e-3;
    weights[at] = weight + h;
    const above = logarithm();
    weights[at] = weight - h;
    const below = logarithm();
    weights[at] = weight;
    return (above - below) / (2 * h);
  });
  const before = weights.slice();
  mixture.learn(of, mix(mixture, of), token);
  const moves = weights.map((weight, at) => weight - before[at]);
  const steepest = slopes.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a));
  const scale = moves[slopes.indexOf(steepest)] / steepest;
  expect(scale).toBeGreaterThan(0);
  for (const [at, slope] of slopes.entries()) expect(moves[at] / scale).toBeCloseTo(slope, 2);
});

test('comes to believe the opinion that is right', () => {
  const next = random(3);
  const mixture = new Mixture(predictions, new Float32Array(sets * (predictions + matchInputs)), true);
  const draw = (log: Float64Array) => {
    let left = next();
    return Math.max(
      0,
      log.findIndex((each) => {
        left -= Math.exp(each);
        return left < 0;
      }),
    );
  };
  for (let i = 0; i < 20_000; i++) {
    const of = randomOpinions(next, null);
    mixture.learn(of, mix(mixture, of), draw(of.logs[1]));
  }
  const [first, second, third] = Array.from(
    { length: 3 },
    (_, input) => mixture.weights[input] + mixture.weights[2 * (predictions + matchInputs) + input],
  );
  expect(second).toBeGreaterThan(0.8);
  expect(Math.abs(first)).toBeLessThan(0.2);
  expect(Math.abs(third)).toBeLessThan(0.2);
});
