import { expect, test } from 'vitest';
import { decimate, firstAt } from '../../../../media/panel/charts/decimate.ts';
import { random } from '../../../../src/tape/random.ts';

const next = random(3);
const points = Array.from({ length: 10_000 }, (_, i) => ({ x: 3 * i, y: next() }));

test('few points stay as they are', () => {
  expect(decimate(points.slice(0, 50), 0, 1000, 20)).toEqual(points.slice(0, 50));
});

test.each([
  [0, 30_000, 100],
  [500, 25_000, 7],
  [-10, 29_999, 1],
])('from %i to %i in %i stretches: in order, with the extremes, to the edges', (min, max, buckets) => {
  const shown = decimate(points, min, max, buckets);
  expect(shown.length).toBeLessThanOrEqual(4 * buckets);
  expect(shown).toEqual([...shown].sort((a, b) => a.x - b.x));
  expect(new Set(shown).size).toBe(shown.length);
  const within = points.filter(({ x }) => x >= min && x <= max);
  const extremes = (of: readonly { y: number }[]) => [
    Math.min(...of.map(({ y }) => y)),
    Math.max(...of.map(({ y }) => y)),
  ];
  const [low, high] = extremes(shown);
  const [lowest, highest] = extremes(within);
  expect(low).toBeLessThanOrEqual(lowest);
  expect(high).toBeGreaterThanOrEqual(highest);
  expect(shown[0].x).toBeLessThanOrEqual(within[0].x);
  expect(shown.at(-1)!.x).toBeGreaterThanOrEqual(within.at(-1)!.x);
});

test.each([-1, 0, 1, 2.9, 3, 29_997, 29_998])('the first point at %d as a plain search finds it', (x) => {
  const plain = points.findIndex((point) => point.x >= x);
  expect(firstAt(points, x)).toBe(plain < 0 ? points.length : plain);
});
