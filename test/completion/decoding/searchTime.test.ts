import { expect, test } from 'vitest';
import { SearchTime } from '../../../src/completion/decoding/searchTime.ts';

/** Returns after how many steps a search ends whose steps take so long, in milliseconds. */
function stepsOf(durationOf: (step: number) => number, user: 'typing' | 'asking' = 'typing'): number {
  let time = 0;
  const search = new SearchTime(() => time, user);
  let steps = 0;
  while (steps < 10_000 && !search.isOver(steps)) time += durationOf(++steps);
  return steps;
}

test('a search with fast steps ends after ten milliseconds', () => {
  expect(stepsOf(() => 0.1)).toBe(102);
});

test('a search with slow steps ends after few of them', () => {
  for (const milliseconds of [1, 2, 5, 8, 12, 18]) {
    const steps = stepsOf(() => milliseconds);
    expect(steps).toBeGreaterThan(1);
    expect(steps * milliseconds).toBeLessThan(40);
  }
});

test('a pause in which the machine does something else does not end a search', () => {
  expect(stepsOf((step) => (step === 9 ? 200 : 0.1))).toBe(102);
});

test('a user who has asked for alternatives waits longer for them', () => {
  expect(stepsOf(() => 0.1, 'asking')).toBe(501);
  expect(stepsOf(() => 5, 'asking')).toBeGreaterThan(15);
});
