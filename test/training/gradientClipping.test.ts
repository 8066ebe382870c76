import { expect, test } from 'vitest';
import { ClipThreshold } from '../../src/training/gradientClipping.ts';

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
