import { expect, test } from 'vitest';
import { LogisticMixer, sigmoid } from '../../../src/completion/ensemble/logisticMixer.ts';
import { random } from '../../../src/tape/random.ts';

const rates = { first: 0.02, last: 0.002, after: 100 };
const inputs = 3;

test('its log-odds are the weighted sum of those of the predictions, by the weights of the set', () => {
  const next = random(1);
  const weights = Float32Array.from({ length: 4 * inputs }, next);
  const mixer = new LogisticMixer(weights, inputs, rates);
  const x = [1.5, -0.7, 0.2];
  for (let set = 0; set < 4; set++) {
    const sum = x.reduce((all, each, input) => all + each * weights[set * inputs + input], 0);
    expect(mixer.mix(x, set)).toBeCloseTo(sum, 12);
  }
});

test.each([0, 1])(
  'learns along the gradient of the logarithm of the decision %i, as differences measure it',
  (decision) => {
    const next = random(2);
    const weights = Float32Array.from({ length: 2 * inputs }, next);
    const mixer = new LogisticMixer(weights, inputs, rates);
    const x = [1.5, -0.7, 0.2];
    const logarithm = () => {
      const one = sigmoid(mixer.mix(x, 1));
      return Math.log(decision === 1 ? one : 1 - one);
    };
    const slopes = Array.from(weights, (weight, at) => {
      weights[at] = weight + 1e-3;
      const above = logarithm();
      weights[at] = weight - 1e-3;
      const below = logarithm();
      weights[at] = weight;
      return (above - below) / 2e-3;
    });
    const before = weights.slice();
    mixer.mix(x, 1);
    mixer.learn(x, decision);
    for (const [at, slope] of slopes.entries())
      expect((weights[at] - before[at]) / rates.first).toBeCloseTo(slope, 2);
  },
);

test('comes to believe the prediction that is right, in the set that it is right in', () => {
  const next = random(3);
  const mixer = new LogisticMixer(new Float32Array(2 * inputs), inputs, rates);
  for (let i = 0; i < 20_000; i++) {
    const x = Array.from({ length: inputs }, () => 4 * next() - 2);
    const set = i % 2;
    mixer.mix(x, set);
    mixer.learn(x, next() < sigmoid(x[set]) ? 1 : 0);
  }
  for (const set of [0, 1])
    for (let input = 0; input < inputs; input++) {
      const weight = mixer.weights[set * inputs + input];
      if (input === set) expect(weight).toBeGreaterThan(0.8);
      else expect(Math.abs(weight)).toBeLessThan(0.2);
    }
});
