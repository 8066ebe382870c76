import { expect, test } from 'vitest';
import { projectOnPlane } from '../../src/inspection/principalComponents.ts';
import { random } from '../../src/tape/random.ts';

test('vectors in a plane keep their distances, and the wider direction comes first', () => {
  const next = random(1);
  const normal = () => next() + next() + next() - 1.5;
  // Two directions at right angles, of lengths 1.
  const [a, b] = [
    [0.6, 0, 0.8, 0],
    [0, 1, 0, 0],
  ];
  const spread = Array.from({ length: 40 }, () => [5 * normal(), normal()]);
  const vectors = spread.map(([x, y]) => Float64Array.from(a, (_, i) => 7 + x * a[i] + y * b[i]));
  const { points, explained, project } = projectOnPlane(vectors);
  for (const [i, place] of points.entries())
    for (const [j, other] of points.entries())
      expect(Math.hypot(place[0] - other[0], place[1] - other[1])).toBeCloseTo(
        Math.hypot(...vectors[i].map((value, k) => value - vectors[j][k])),
        6,
      );
  for (const [i, vector] of vectors.entries())
    for (const [k, value] of project(vector).entries()) expect(value).toBeCloseTo(points[i][k], 9);
  expect(explained[0]).toBeGreaterThan(0.8);
  expect(explained[0] + explained[1]).toBeCloseTo(1, 6);
});

test('the picture of opposite vectors does not flip over', () => {
  const line = [1, 2, 3, 4].map((x) => Float64Array.of(-x, 0.1));
  expect(projectOnPlane(line).points.map(([x]) => Math.round(10 * x))).toEqual([15, 5, -5, -15]);
});

test('vectors that are all the same are one place, and explain nothing', () => {
  const { points, explained } = projectOnPlane([Float64Array.of(1, 2), Float64Array.of(1, 2)]);
  expect(points).toEqual([
    [0, 0],
    [0, 0],
  ]);
  expect(explained).toEqual([0, 0]);
});
