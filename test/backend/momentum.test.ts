import { expect, test } from 'vitest';
import { momentumAt } from '../../src/backend/momentum.ts';

test.each([
  [1, 0.5],
  [249, 0.5],
  [250, 0.75],
  [500, 1 - 0.5 / 3],
  [999, 0.875],
  [100_000, 0.99],
])('the rising schedule of Sutskever et al. (2013) is at update %d %d', (update, expected) => {
  const optimizer = { kind: 'nesterov', momentum: 0.99, schedule: 'rising' } as const;
  expect(momentumAt(optimizer, update)).toBeCloseTo(expected, 12);
  expect(momentumAt({ kind: 'nesterov', momentum: 0.99 }, update)).toBe(0.99);
});
