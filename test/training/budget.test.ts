import { expect, test } from 'vitest';
import { Budget } from '../../src/training/budget.ts';

/** Returns a clock that is set by hand, in milliseconds. */
function clockOf(at = 1_000_000) {
  const clock = { at, now: () => clock.at };
  return clock;
}

test('seconds or epochs, whichever are spent first', () => {
  const clock = clockOf();
  const budget = new Budget({ seconds: 10, epochs: 4 }, clock.now, 0, null);
  clock.at += 5000;
  expect(budget.fraction(1)).toBe(0.5);
  expect(budget.fraction(3)).toBe(0.75);
  clock.at += 50_000;
  expect(budget.fraction(0)).toBe(1);
});

test('without a limit nothing is ever spent, and there is nothing to lengthen', () => {
  const clock = clockOf();
  const budget = new Budget({ seconds: null, epochs: null }, clock.now, 3, null);
  clock.at += 1e9;
  budget.lengthen();
  expect(budget.fraction(1e6)).toBe(0);
  expect(budget.limit).toEqual({ seconds: Infinity, epochs: Infinity });
});

test('what went on ahead counts as spent, but not as time in which it ran', () => {
  const clock = clockOf();
  const budget = new Budget({ seconds: 10, epochs: null }, clock.now, 2, null);
  clock.at += 1000;
  expect(budget.seconds).toBe(1);
  expect(budget.fraction(0)).toBeCloseTo(0.3);
});

test('a pause is not spent', async () => {
  const clock = clockOf();
  const budget = new Budget({ seconds: 10, epochs: null }, clock.now, 0, null);
  clock.at += 1000;
  let wake = () => {};
  const paused = budget.pause(new Promise((resolve) => (wake = resolve)));
  clock.at += 60_000;
  wake();
  await paused;
  expect(budget.seconds).toBe(1);
});

test('goes on from where an earlier one ended, and is lengthened by what it began with', () => {
  const clock = clockOf();
  const earlier = { seconds: 12, budget: { seconds: 12, epochs: Infinity } };
  const budget = new Budget({ seconds: 10, epochs: null }, clock.now, 0, earlier);
  expect(budget.fraction(0)).toBe(1);
  budget.lengthen();
  expect(budget.limit).toEqual({ seconds: 22, epochs: Infinity });
  clock.at += 10_000;
  expect(budget.seconds).toBe(22);
  expect(budget.fraction(0)).toBe(1);
});

test('shortened, it ends when another part of what is spent is over; restored, it has all of it again', () => {
  const clock = clockOf();
  const budget = new Budget({ seconds: 100, epochs: 40 }, clock.now, 0, null);
  clock.at += 6000;
  budget.shorten(3, 0.75);
  expect([budget.isShortened, budget.fraction(3)]).toEqual([true, 0.75]);
  expect(budget.limit).toEqual({ seconds: 8, epochs: 4 });
  const resumed = new Budget({ seconds: 100, epochs: 40 }, clock.now, 0, {
    seconds: 6,
    budget: budget.limit,
  });
  expect(resumed.isShortened).toBe(true);
  budget.restore();
  expect([budget.isShortened, budget.limit]).toEqual([false, { seconds: 100, epochs: 40 }]);
});

test('shortened, a run that is bounded by epochs does not become one that depends on time', () => {
  for (const epochs of [40, null]) {
    const clock = clockOf();
    const budget = new Budget({ seconds: null, epochs }, clock.now, 0, null);
    clock.at += 6000;
    budget.shorten(3, 0.75);
    expect(budget.limit).toEqual({ seconds: Infinity, epochs: 4 });
  }
});
