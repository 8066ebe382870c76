import { expect, test } from 'vitest';
import { completeTrain } from '../../src/language/optionTable.ts';
import { ClipThreshold, learningRate } from '../../src/training/learningRate.ts';

test('the learning rate rises over the warm-up and falls as its decay says', () => {
  const options = (decay: 'none' | 'linear' | 'cosine', warmup = 0) =>
    completeTrain({ learningRate: 0.4, warmup, decay });
  expect(learningRate(options('none', 4), 0, 0)).toBeCloseTo(0.1);
  expect(learningRate(options('none', 4), 3, 0)).toBeCloseTo(0.4);
  expect(learningRate(options('none'), 1e6, 1)).toBeCloseTo(0.4);
  expect(learningRate(options('linear'), 9, 0.25)).toBeCloseTo(0.3);
  expect(learningRate(options('cosine'), 9, 0.5)).toBeCloseTo(0.2);
  expect(learningRate(options('cosine'), 9, 1)).toBeCloseTo(0);
});

test('the adaptive threshold is the mean of the norms that were not clipped, times its factor', () => {
  const clip = new ClipThreshold({ kind: 'adaptive', factor: 2 });
  expect(clip.value).toBe(Number.POSITIVE_INFINITY);
  clip.observe(1);
  clip.observe(2);
  expect(clip.value).toBe(3);
  clip.observe(100);
  expect(clip.value).toBe(3);
  clip.observe(Number.NaN);
  expect(clip.value).toBe(3);
  for (let i = 0; i < 100; i++) clip.observe(0.5);
  expect(clip.value).toBe(1);
});

test('a fixed threshold stays, and none clips nothing', () => {
  const fixed = new ClipThreshold({ kind: 'norm', threshold: 5 });
  fixed.observe(3);
  expect(fixed.value).toBe(5);
  expect(new ClipThreshold({ kind: 'none' }).value).toBe(Number.POSITIVE_INFINITY);
});
