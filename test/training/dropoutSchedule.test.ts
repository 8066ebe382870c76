import { expect, test } from 'vitest';
import { dropoutShare } from '../../src/training/dropoutSchedule.ts';

test('a rising dropout rate is 0 in the first pass, and comes to the share of what had been read before', () => {
  const shares = [0, 0.5, 1, 2, 4, 100].map((epoch) => dropoutShare({ dropoutSchedule: 'rising' }, epoch));
  expect(shares).toEqual([0, 0, 0, 0.5, 0.75, 0.99]);
});

test('a constant one is the same from the first update on', () => {
  expect(dropoutShare({ dropoutSchedule: 'constant' }, 0)).toBe(1);
});
