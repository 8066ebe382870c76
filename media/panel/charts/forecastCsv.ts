import type { HeldOutForecast } from '../../../src/protocol/forecast.ts';
import { csv } from '../figure/csv.ts';

/** Returns the forecasts of all columns, with a row for each row of each column. */
export function forecastCsv({ rows, columns }: HeldOutForecast): string {
  const names = columns[0]?.baselines.map(({ name }) => name) ?? [];
  return csv(
    ['column', 'row', 'value', 'forecast', 'lower', 'upper', ...names],
    columns.flatMap(({ name, before, actual, forecast, lower, upper, baselines }) => [
      ...before.map((value, index) => [name, rows - before.length + index + 1, value]),
      ...actual.map((value, step) => [
        name,
        rows + step + 1,
        value,
        forecast[step],
        lower[step],
        upper[step],
        ...baselines.map(({ values }) => values[step]),
      ]),
    ]),
  );
}
