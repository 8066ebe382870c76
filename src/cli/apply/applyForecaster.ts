import type { Engine } from '../../backend/engine.ts';
import { readNumbers } from '../../data/series/numberTable.ts';
import { continueTimes } from '../../data/series/times.ts';
import { writeDelimitedRow } from '../../data/table/delimited.ts';
import { dialectOf, formatOf, isDelimited, readTable } from '../../data/table/readTable.ts';
import { Problem } from '../../protocol/problem.ts';
import type { StoredForecaster } from '../../store/modelFolder.ts';
import { notOfNumbers } from '../../tasks/forecaster/index.ts';
import { openForecaster, unknownAfterNext } from '../../tasks/forecaster/open.ts';
import { type Applied, counted, type Document, firstMisfits } from './applied.ts';

/** The number of paths whose quantiles the intervals are. */
const paths = 400;

/** The number of rows that are forecast where no number is asked for. */
const usualSteps = 10;

export interface WantedForecast {
  /** The number of rows; null for as many as usual, or one where the model can forecast no more. */
  readonly steps: number | null;
  /** The share of the numbers that are to lie within their intervals. */
  readonly level: number;
  readonly seed: number;
}

/**
 * Returns a table of the rows that a forecaster expects after those of a file: the times where they can be continued, and
 * of each column the number that is expected and the ends of its interval.
 * @throws Problem when the file is no table with the columns of the model
 */
export async function applyForecaster(
  model: StoredForecaster,
  { file, source }: Document,
  engine: () => Promise<Engine>,
  wanted: WantedForecast,
): Promise<Applied> {
  const { reads, writes, standardisation } = model.series;
  const format = formatOf(source, model.series.format);
  if (format === null || format === 'fastText') throw new Problem(notOfNumbers(file));
  const { inputs, rows, time, times, misfits } = readNumbers(readTable(source, format), { reads, writes });
  if (rows === 0)
    throw new Problem(
      `${file} has no row with numbers in ${writes.map((name) => `\`${name}\``).join(', ')}.`,
    );
  const steps = wanted.steps ?? (unknownAfterNext(model.series).length > 0 ? 1 : usualSteps);
  const forecaster = openForecaster(await engine(), model);
  const forecasts = forecaster.forecast(inputs, { ...wanted, steps, paths });
  forecaster.dispose();
  const next = time === null ? null : continueTimes(times, steps, time);
  const dialect = dialectOf(isDelimited(format) ? format : 'CSV');
  const line = (cells: readonly string[]) => `${writeDelimitedRow(cells, dialect)}\n`;
  const header = [
    ...(next ? [time!] : []),
    ...writes.flatMap((name) => [name, `${name} lower`, `${name} upper`]),
  ];
  const lines = forecasts.map((row, step) => [
    ...(next ? [next[step]] : []),
    ...row.flatMap(({ value, lower, upper }, column) =>
      [value, lower, upper].map((number) => digits(number, standardisation.writes[column].deviation)),
    ),
  ]);
  const share = (100 * wanted.level).toLocaleString('en');
  return {
    text: [header, ...lines].map(line).join(''),
    sentence: [
      `After ${counted(rows, 'row')}, ${steps.toLocaleString('en')} more ${steps === 1 ? 'is' : 'are'} expected, with intervals that are to hold ${share} %.`,
      ...(misfits.length > 0 ? [`Left out, as they do not fit: ${counted(misfits.length, 'row')}.`] : []),
      ...firstMisfits(misfits),
    ].join(' '),
  };
}

/** The significant digits that numbers of 32 bits and of 64 bits have. */
const singleDigits = 7;
const doubleDigits = 17;

/**
 * Writes a number with the digits that are known of it: the network computes in 32 bits, and in standard deviations of its
 * column, which may be small beside the number.
 */
function digits(value: number, deviation: number): string {
  const before = Math.max(0, Math.floor(Math.log10(Math.abs(value) / deviation)));
  return `${Number(value.toPrecision(Math.min(doubleDigits, singleDigits + before)))}`;
}
