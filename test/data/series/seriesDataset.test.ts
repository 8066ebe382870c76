import { describe, expect, test } from 'vitest';
import { seasonOf } from '../../../src/data/series/baselines.ts';
import { SeriesDataset } from '../../../src/data/series/seriesDataset.ts';
import { random } from '../../../src/tape/random.ts';

const columns = { reads: null, writes: null };
const tableOf = (header: string, rows: readonly (readonly number[])[]) =>
  [header, ...rows.map((row) => row.join(','))].join('\n');
const datasetOf = (source: string, more: object = {}) =>
  new SeriesDataset({ source, format: 'CSV', columns: { ...columns, ...more } });

/** A season of seven rows, with noise. */
function seasonal(rows: number, noise = 0.2): number[][] {
  const next = random(2);
  return Array.from({ length: rows }, (_, t) => [
    10 + 3 * Math.sin((2 * Math.PI * t) / 7) + noise * (next() - 0.5),
    [5, 1, 2, 8, 3, 9, 4][t % 7] + noise * (next() - 0.5),
  ]);
}

test('the newest tenth is held out, and the training part alone standardises', () => {
  const rows = Array.from({ length: 100 }, (_, t) => [t < 90 ? (t % 2 === 0 ? 4 : 8) : 1000, 7]);
  const { counts, standardisation, series } = datasetOf(tableOf('a,b', rows));
  expect(counts).toEqual({ train: 90, heldOut: 10, skipped: 0, empty: 0 });
  // A column that never changes is shifted only.
  expect(standardisation.reads).toEqual([
    { mean: 6, deviation: 2 },
    { mean: 7, deviation: 1 },
  ]);
  expect([...series.inputs.subarray(0, 4)]).toEqual([-1, 0, 1, 0]);
  expect(series.inputs[2 * 95]).toBe(497);
  expect(series.targets).toBe(series.inputs);
});

test.each([300, -300])('numbers around 1e%d are standardised as those around 1 are', (exponent) => {
  const tableAt = (power: number) =>
    datasetOf(['a', ...seasonal(100).map(([value]) => `${value}e${power}`)].join('\n'));
  const [one, other] = [0, exponent].map(tableAt);
  for (const [row, value] of other.series.inputs.entries())
    expect(value).toBeCloseTo(one.series.inputs[row], 5);
  const [{ mean, deviation }] = other.standardisation.reads;
  const [expected] = one.standardisation.reads;
  expect(mean / Number(`1e${exponent}`)).toBeCloseTo(expected.mean, 9);
  expect(deviation / Number(`1e${exponent}`)).toBeCloseTo(expected.deviation, 9);
});

test('each row is followed by the next one, in windows and in the held-out part', () => {
  const dataset = datasetOf(tableOf('a,b', seasonal(300)));
  const batches = dataset.batches({ batch: 2, k1: 10, k2: 10, seed: 1 });
  const { x, y, rows } = batches.next();
  expect(rows).toBe(2);
  for (const [index, row] of x.entries()) expect(y[index]).toBe(row + 1);
  const seen = new Set<number>();
  for (const { x, y } of dataset.heldOut(3))
    for (const [index, target] of y.entries()) {
      if (target < 0) continue;
      expect(x[index]).toBe(target - 1);
      expect(target).toBeGreaterThanOrEqual(270);
      seen.add(target);
    }
  expect(seen.size).toBeGreaterThan(20);
  expect(dataset.probed(20)).toEqual({
    tokens: Int32Array.from({ length: 20 }, (_, t) => 249 + t),
    target: 269,
  });
});

test('the windows of a short table are shorter', () => {
  const dataset = datasetOf(tableOf('a,b', seasonal(60)));
  const batches = dataset.batches({ batch: 24, k1: 50, k2: 50, seed: 1 });
  expect({ batch: batches.batch, steps: batches.steps }).toEqual({ batch: 1, steps: 13 });
  expect(batches.next().x.length).toBe(13);
});

test('a loss is a mean over the numbers that are predicted', () => {
  const dataset = datasetOf(tableOf('a,b', seasonal(60)));
  const { bits, units } = dataset.cost(2 * Math.LN2, Int32Array.of(3, -1, 4));
  expect(bits / units).toBeCloseTo(1, 12);
  expect(units).toBe(4);
});

test('other columns may be predicted than are read', () => {
  const { series, writes } = datasetOf(tableOf('a,b', seasonal(60)), { reads: ['a'], writes: ['b'] });
  expect(writes).toEqual(['b']);
  expect([series.inputs.length, series.targets.length]).toEqual([60, 60]);
  expect(series.targets).not.toEqual(series.inputs);
});

test('too few rows are refused with what was left out', () => {
  const source = tableOf('t,a', [...Array.from({ length: 30 }, (_, t) => [t, t % 3])]).concat('\n30,x');
  expect(() => datasetOf(source)).toThrow(
    'There are too few rows to learn from: 40 with numbers are needed, and this table has 30. The column `t` holds times, which are not learned. Left out, as they do not fit: 1 row. Line 32: Its `a` is no number.',
  );
});

describe('baselines', () => {
  const baselineOf = (dataset: SeriesDataset, name: string) =>
    dataset.baselines.find((each) => each.name === name)?.value;

  test('by plain loops', () => {
    const rows = seasonal(210);
    const dataset = datasetOf(tableOf('a,b', rows));
    const { reads } = dataset.standardisation;
    const errorOf = (lag: number) => {
      let sum = 0;
      for (let t = 189; t < 210; t++)
        for (const column of [0, 1])
          sum += ((rows[t][column] - rows[t - lag][column]) / reads[column].deviation) ** 2;
      return Math.sqrt(sum / (2 * 21));
    };
    expect(baselineOf(dataset, 'last value')).toBeCloseTo(errorOf(1), 5);
    expect(baselineOf(dataset, 'seasonal last value')).toBeCloseTo(errorOf(7), 5);
    expect(baselineOf(dataset, 'linear autoregression')).toBeLessThan(errorOf(7));
  });

  test('an autoregression finds the coefficients of one', () => {
    const next = random(7);
    let [before, last] = [0, 0];
    const rows = Array.from({ length: 2000 }, () => {
      [before, last] = [last, 1.2 * last - 0.6 * before + next() - 0.5];
      return [last];
    });
    const dataset = datasetOf(tableOf('x', rows).replaceAll('\n', ',\n'), { reads: ['x'] });
    // What is left is the noise, whose deviation is √(1/12).
    const { deviation } = dataset.standardisation.reads[0];
    expect(baselineOf(dataset, 'linear autoregression')! * deviation).toBeCloseTo(Math.sqrt(1 / 12), 1);
    expect(baselineOf(dataset, 'linear autoregression')).toBeLessThan(
      0.8 * baselineOf(dataset, 'last value')!,
    );
  });

  test('a season is a lag after which rows are more alike than after its neighbours', () => {
    const split = (values: readonly number[]) => {
      const inputs = Float32Array.from(values);
      return { inputs, targets: inputs, reads: 1, writes: 1, rows: values.length, train: values.length };
    };
    expect(seasonOf(split(seasonal(100).map(([a]) => a)))).toBe(7);
    expect(seasonOf(split(Array.from({ length: 100 }, (_, t) => t)))).toBeNull();
  });
});
