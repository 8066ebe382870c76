import { expect, test } from 'vitest';
import { random } from '../../src/tape/random.ts';
import { calibrate, withSpread } from '../../src/tasks/calibration.ts';

/** Scores of forecasts whose spread is too small by the factor of their column. */
function outcomes(rows: number, factors: readonly number[]) {
  const next = random(4);
  const gaussian = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return Array.from({ length: rows }, (_, row) =>
    factors.map((factor, column) => ({ row, column, error: 0, score: factor * gaussian() })),
  ).flat();
}

test('the factor of each column is found, and measured on rows that it does not come from', () => {
  const { factors, coverage } = calibrate(outcomes(2000, [1, 3, 0.5]), 3)!;
  for (const [column, factor] of [1, 3, 0.5].entries()) expect(factors[column] / factor).toBeCloseTo(1, 1);
  expect(coverage).toBeCloseTo(0.8, 1);
  // A spread that changes in the newer half is not what it was learned from.
  const changed = outcomes(2000, [1]).map((each) =>
    each.row < 1000 ? each : { ...each, score: 3 * each.score },
  );
  expect(calibrate(changed, 1)!.coverage).toBeLessThan(0.5);
});

test('few rows calibrate nothing', () => expect(calibrate(outcomes(29, [1]), 1)).toBeNull());

test('a factor is added to the bias of the logarithm', () => {
  const weights = new Map([['output.b', { shape: [4], data: Float32Array.of(1, 2, 3, 4) }]]);
  const data = withSpread(weights, [Math.E, 1]).get('output.b')!.data;
  expect([...data]).toEqual([1, 2, 4, 4]);
  expect([...weights.get('output.b')!.data]).toEqual([1, 2, 3, 4]);
});
