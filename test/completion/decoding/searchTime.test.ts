import { expect, test } from 'vitest';
import { SearchTime } from '../../../src/completion/decoding/searchTime.ts';

/** Returns after how many steps a search ends whose steps take so long, in milliseconds, and its whole time. */
function search(
  durationOf: (step: number) => number,
  user: 'typing' | 'asking' = 'typing',
): { steps: number; time: number } {
  let time = 0;
  const search = new SearchTime(() => time, user);
  let steps = 0;
  while (steps < 10_000 && !search.isOver(steps)) time += durationOf(++steps);
  return { steps, time };
}

test('a search with fast steps ends after some ten milliseconds', () => {
  const { steps } = search(() => 0.1);
  expect(steps).toBeGreaterThan(100);
  expect(steps).toBeLessThan(105);
});

test('a search with slow steps ends after few of them', () => {
  for (const milliseconds of [1, 2, 5, 8, 12, 18]) {
    const { steps, time } = search(() => milliseconds);
    expect(steps).toBeGreaterThan(1);
    expect(time).toBeLessThan(40);
  }
});

test('a machine that is busy with something else does not end a search', () => {
  const { steps } = search(() => 0.1);
  for (const durationOf of [
    (step: number) => (step === 9 ? 80 : 0.1),
    (step: number) => (step % 15 === 0 ? 5 : 0.1),
    (step: number) => (step % 11 === 0 ? 40 : 0.1),
    (step: number) => (step === 2 || step === 4 ? 9 : step === 5 ? 12 : 0.1),
  ])
    expect(Math.abs(search(durationOf).steps - steps)).toBeLessThan(2);
});

test('unless it is busy for so long that the suggestion would come too late', () => {
  const { steps, time } = search((step) => (step % 11 === 0 ? 100 : 0.1));
  expect(steps).toBeGreaterThan(50);
  expect(time).toBeLessThan(625);
});

test('several steps before the first question count as several', () => {
  let time = 0;
  const search = new SearchTime(() => time, 'typing');
  time += 8 * 0.5;
  expect(search.isOver(8)).toBe(false);
  time += 8 * 1;
  expect(search.isOver(16)).toBe(false);
});

test('a user who has asked for alternatives waits longer for them', () => {
  expect(search(() => 0.1, 'asking').steps).toBeGreaterThan(4 * search(() => 0.1).steps);
  expect(search(() => 5, 'asking').steps).toBeGreaterThan(15);
});
