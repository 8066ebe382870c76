// Forecasts the first held-out rows from the training part alone, beside what came true and what the baselines say.
import type { Engine } from '../../backend/engine.ts';
import { baselineForecasts } from '../../data/series/baselines.ts';
import type { SeriesDataset } from '../../data/series/seriesDataset.ts';
import type { HeldOutForecast } from '../../protocol/forecast.ts';
import { inUnits, type OpenableForecaster, openForecaster, sourcesOf, usualSampling } from './open.ts';

/** The most rows that are forecast, and how many times as many are shown before them. */
const mostSteps = 60;
const timesBefore = 3;

/** The most rows that are read before the forecast: the state forgets what is further back. */
const mostRead = 2000;

/** The most columns that are kept. */
const mostColumns = 8;

/** Returns nothing where no row is held out, or a column is read and not written. */
export function heldOutForecast(
  { split, reads, writes, standardisation, counts }: SeriesDataset,
  engine: Engine,
  model: Omit<OpenableForecaster, 'series'>,
): { readonly forecast?: HeldOutForecast } {
  const series = { reads, writes, standardisation };
  const sources = sourcesOf(series);
  const steps = Math.min(mostSteps, counts.heldOut);
  if (steps === 0 || sources.some((source) => source < 0)) return {};
  const { inputs, targets, train } = split;
  const first = Math.max(0, train - mostRead);
  const read = Float64Array.from(
    inputs.subarray(first * reads.length, train * reads.length),
    (value, index) => inUnits(value, standardisation.reads[index % reads.length]),
  );
  const forecaster = openForecaster(engine, { ...model, series });
  const rows = forecaster.forecast(read, { steps, ...usualSampling });
  forecaster.dispose();
  const baselines = baselineForecasts(split, sources, steps);
  const start = Math.max(0, train - timesBefore * steps);
  const columns = writes.slice(0, mostColumns).map((name, column) => {
    const by = standardisation.writes[column];
    const numbers = (values: ArrayLike<number>, from: number, to: number) =>
      Array.from({ length: to - from }, (_, row) =>
        inUnits(values[(from + row) * writes.length + column], by),
      );
    return {
      name,
      before: numbers(targets, start, train),
      actual: numbers(targets, train, train + steps),
      forecast: rows.map((row) => row[column].value),
      lower: rows.map((row) => row[column].lower),
      upper: rows.map((row) => row[column].upper),
      baselines: baselines.map((each) => ({ name: each.name, values: numbers(each.values, 0, steps) })),
    };
  });
  return { forecast: { rows: train, level: usualSampling.level, columns } };
}
