import { expect, test } from 'vitest';
import { sigmoid } from '../../../src/completion/ensemble/logisticMixer.ts';
import { SecondaryEstimation } from '../../../src/completion/ensemble/secondaryEstimation.ts';
import { random } from '../../../src/tape/random.ts';

test('changes nothing before it has learned', () => {
  const estimation = new SecondaryEstimation(3);
  for (let z = -8; z <= 8; z += 0.25)
    for (let context = 0; context < 3; context++)
      expect(estimation.refine(z, context)).toBeCloseTo(sigmoid(z), 1);
});

test('comes to what such probabilities have meant in a context, and leaves other contexts alone', () => {
  const next = random(1);
  const estimation = new SecondaryEstimation(2);
  for (let i = 0; i < 5000; i++) {
    estimation.refine(2.2, 1);
    estimation.learn(next() < 0.5 ? 1 : 0);
  }
  expect(estimation.refine(2.2, 1)).toBeGreaterThan(0.4);
  expect(estimation.refine(2.2, 1)).toBeLessThan(0.6);
  expect(estimation.refine(2.2, 0)).toBeCloseTo(sigmoid(2.2), 2);
  expect(estimation.refine(-3, 1)).toBeCloseTo(sigmoid(-3), 2);
});

test.each([-100, 100])('log-odds of %i are within its range', (z) => {
  const estimation = new SecondaryEstimation(1);
  const p = estimation.refine(z, 0);
  expect(p).toBeGreaterThan(0);
  expect(p).toBeLessThan(1);
});
