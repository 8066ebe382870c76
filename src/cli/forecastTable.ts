// Writes the rows that a forecaster expects after those of a table.
import { readNumbers } from '../data/series/numberTable.ts';
import { continueTimes } from '../data/series/times.ts';
import { writeDelimitedRow } from '../data/table/delimited.ts';
import { formatOf, readTable } from '../data/table/readTable.ts';
import { nodePlatform } from '../platform/node/platform.ts';
import { Problem } from '../protocol/problem.ts';
import { readForecaster } from '../store/modelFolder.ts';
import { notOfNumbers } from '../tasks/forecaster/index.ts';
import { openForecaster } from '../tasks/forecaster/open.ts';
import { startEngine } from '../worker/engines.ts';
import { readText } from './arguments.ts';
import { say } from './say.ts';

/** The number of paths whose quantiles the intervals are. */
const paths = 400;

interface Wanted {
  readonly steps: number;
  /** The share of the numbers that are to lie within their intervals. */
  readonly level: number;
  readonly seed: number;
}

/**
 * Returns a table of the next rows: the times where they can be continued, and of each column the number that is
 * expected and the ends of its interval.
 * @throws Problem when the file is no table with the columns of the model
 */
export async function forecastTable(directory: string, file: string, wanted: Wanted): Promise<string> {
  const platform = nodePlatform(__dirname);
  const model = readForecaster(platform.files, directory);
  const { reads, writes } = model.series;
  const source = readText(file);
  const format = formatOf(source);
  if (format === null || format === 'fastText') throw new Problem(notOfNumbers(file));
  const { inputs, rows, time, times, misfits } = readNumbers(readTable(source, format), { reads, writes });
  if (rows === 0)
    throw new Problem(
      `${file} has no row with numbers in ${writes.map((name) => `\`${name}\``).join(', ')}.`,
    );
  const { engine } = await startEngine(platform, { kind: 'auto', threads: 1 });
  const forecaster = openForecaster(engine, model);
  const forecasts = forecaster.forecast(inputs, { ...wanted, paths });
  forecaster.dispose();
  const next = time === null ? null : continueTimes(times, wanted.steps);
  const delimiter = format === 'TSV' ? '\t' : ',';
  const line = (cells: readonly string[]) => `${writeDelimitedRow(cells, delimiter)}\n`;
  const header = [
    ...(next ? [time!] : []),
    ...writes.flatMap((name) => [name, `${name} lower`, `${name} upper`]),
  ];
  for (const { line, message } of misfits.slice(0, 5)) say(`Left out: line ${line}. ${message}`);
  say(
    `After ${rows.toLocaleString('en')} rows, ${wanted.steps.toLocaleString('en')} more are expected, with intervals that are to hold ${(100 * wanted.level).toLocaleString('en')} %.`,
  );
  return [
    line(header),
    ...forecasts.map((row, step) =>
      line([
        ...(next ? [next[step]] : []),
        ...row.flatMap(({ value, lower, upper }) => [value, lower, upper].map(digits)),
      ]),
    ),
  ].join('');
}

/** Writes a number with the digits that 32 bits have. */
const digits = (value: number): string => `${Number(value.toPrecision(7))}`;
