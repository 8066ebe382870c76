import { expect, test } from 'vitest';
import { axisTop } from '../../../../media/panel/charts/axisTop.ts';

const line = (...values: number[]) => ({ data: values.map((y, x) => ({ x, y })) });

test('a loss that has exploded leaves the chart, and nothing else does', () => {
  expect(axisTop([line(6, 4, 2), line(6, 1e11, Number.POSITIVE_INFINITY)], 6)).toBe(12);
  expect(axisTop([line(6, 4, 2), line(6, 11, 59)], 6)).toBeUndefined();
  expect(axisTop([line(6, 4, Number.NaN)], 6)).toBeUndefined();
  expect(axisTop([line(1, 50)], 0)).toBeUndefined();
});
