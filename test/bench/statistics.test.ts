import { expect, test } from 'vitest';
import { random } from '../../src/tape/random.ts';
import { median, medianInterval, movement, quantile } from './statistics.ts';

test('the median of an even number of values is between the middle ones', () => {
  expect(median([4, 1, 3])).toBe(3);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

test('a quantile is the least value that a share of the values does not exceed', () => {
  const values = Array.from({ length: 20 }, (_, index) => 20 - index);
  expect(quantile(values, 0.95)).toBe(19);
  expect(quantile(values, 0.5)).toBe(10);
  expect(quantile(values, 1)).toBe(20);
  expect(quantile(values, 0)).toBe(1);
  expect(quantile([7], 0.95)).toBe(7);
});

test('the interval of a median is between the order statistics of the sign test', () => {
  const values = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
  // The ranks are those of Conover's table for 95 %.
  expect(medianInterval(values(5))).toEqual([1, 5]);
  expect(medianInterval(values(6))).toEqual([1, 6]);
  expect(medianInterval(values(9))).toEqual([2, 8]);
  expect(medianInterval(values(20))).toEqual([6, 15]);
});

test('it holds the true median at least as often as it says', () => {
  const next = random(3);
  let held = 0;
  const tries = 5000;
  for (let each = 0; each < tries; each++) {
    const [least, most] = medianInterval(Array.from({ length: 9 }, () => -Math.log(1 - next())));
    if (least <= Math.LN2 && Math.LN2 <= most) held++;
  }
  expect(held / tries).toBeGreaterThan(0.95);
});

test('rounds of the same seldom move, and others do', () => {
  const next = random(8);
  const rounds = (center: number) => Array.from({ length: 9 }, () => center + next() + next());
  let moved = 0;
  for (let each = 0; each < 500; each++) if (movement(rounds(4), rounds(4)) !== '') moved++;
  expect(moved / 500).toBeLessThan(0.05);
  expect(movement(rounds(4), rounds(8))).toBe('rose');
  expect(movement(rounds(8), rounds(4))).toBe('fell');
});
