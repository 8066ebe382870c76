// Continues a table of numbers by rows that are written as the table's own are.
import type { Engine } from '../../backend/engine.ts';
import { type NumberTable, readNumbers } from '../../data/series/numberTable.ts';
import { continueTimes } from '../../data/series/times.ts';
import { decimalsOf, writeDecimals } from '../../data/table/decimals.ts';
import { writeDelimitedRow } from '../../data/table/delimited.ts';
import { writeJson } from '../../data/table/jsonLines.ts';
import { columnOf, columnsOf, isOneOf } from '../../data/table/labelledRows.ts';
import { dialectOf, isDelimited, readTable } from '../../data/table/readTable.ts';
import type { Table } from '../../data/table/table.ts';
import type { Continuation, ForecastRequest, ForecastRow } from '../../protocol/forecast.ts';
import { Problem } from '../../protocol/problem.ts';
import type { StoredSeries } from '../../protocol/task.ts';
import { halfWidth } from '../outcomes.ts';
import { goOn } from './begunRow.ts';
import {
  checkRunsFreely,
  type Forecast,
  type OpenableForecaster,
  openForecaster,
  usualSampling,
} from './open.ts';

const { level } = usualSampling;

/** The number of rows at the end whose decimals are looked at. */
const recent = 50;

/** Continues tables with a model that is open. */
export interface Continuer {
  /** Returns the next rows, or a sentence why there are none. */
  next(request: Omit<ForecastRequest, 'kind' | 'model' | 'revision'>): Continuation;
  dispose(): void;
}

/** @throws Problem when the model reads a column that it does not write */
export function openContinuer(
  engine: Engine,
  stored: Omit<OpenableForecaster, 'series'> & { readonly series: StoredSeries },
): Continuer {
  const { series } = stored;
  const { format, writes, standardisation } = series;
  checkRunsFreely(series);
  const forecaster = openForecaster(engine, stored);

  function rowsAfter(source: string, steps: number): ForecastRow[] {
    const table = readTable(source, format);
    const numbers = readNumbers(table, series);
    if (numbers.rows === 0)
      throw new Problem(
        `No row before this place has numbers in ${writes.map((name) => `\`${name}\``).join(', ')}: write one above it.`,
      );
    const write = rowWriter(table, numbers, series, source);
    const times = continueTimes(numbers.times, steps, numbers.time ?? '') ?? [];
    const decimals = writes.map((name) => newestDecimals(table, columnOf(table, name)));
    return forecaster.forecast(numbers.inputs, { steps, ...usualSampling }).map((row, step) => {
      const cells = row.map(({ value, lower, upper }, column) => {
        const digits = (number: number) => writeDecimals(number, decimals[column]);
        return {
          column: writes[column],
          value: digits(value),
          lower: digits(lower),
          upper: digits(upper),
        };
      });
      return {
        text: write(
          cells.map(({ value }) => value),
          times[step] ?? '',
        ),
        cells,
        sharpness: sharpnessOf(row, standardisation.writes),
      };
    });
  }

  /** Returns the row that has been begun; null where what has been typed is no beginning of one. */
  function wholeRow(above: string, begun: string, expected: ForecastRow): ForecastRow | null {
    if (!isDelimited(format)) return null;
    const { header } = readTable(above, format);
    const isWritten = isOneOf(writes);
    const text = goOn(begun, expected.text, dialectOf(format), (index) => isWritten(header[index]));
    return text === null ? null : { ...expected, text };
  }

  return {
    next({ head, text, begun, steps }) {
      const lines = format === 'JSON Lines' || head === '' ? [text] : [head, text];
      const above = lines.filter((part) => part !== '').join('\n');
      try {
        const rows = rowsAfter(above, steps);
        if (begun === '' || rows[0].text.startsWith(begun)) return { rows, before: '', level, problem: null };
        const row = wholeRow(above, begun, rows[0]);
        // The rows after it follow from what was expected, and not from what has been typed.
        if (row) return { rows: [row], before: '', level, problem: null };
        const whole = `${above}\n${begun}`;
        const isRow = readNumbers(readTable(whole, format), series).rows > rowsOf(above, series);
        return { rows: isRow ? rowsAfter(whole, steps) : [], before: `${begun}\n`, level, problem: null };
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        return { rows: [], before: '', level, problem: error.message };
      }
    },
    dispose: () => forecaster.dispose(),
  };
}

const rowsOf = (source: string, series: StoredSeries): number =>
  readNumbers(readTable(source, series.format), series).rows;

/** Returns the most decimals that a column has in the newest rows. */
const newestDecimals = ({ rows }: Table, index: number): number =>
  Math.max(...rows.slice(-recent).map(({ cells }) => decimalsOf(cells[index])));

/** Returns the mean over the columns of how much narrower an interval is than that of the column by itself. */
function sharpnessOf(
  row: readonly Forecast[],
  standardisation: StoredSeries['standardisation']['writes'],
): number {
  const widths = row.map(
    ({ lower, upper }, column) => (upper - lower) / (2 * halfWidth * standardisation[column].deviation),
  );
  return 1 - widths.reduce((sum, width) => sum + width, 0) / widths.length;
}

/**
 * Returns what writes a row in the format of the table. A column that is neither a time nor predicted has what all of
 * the newest rows have there, or nothing.
 */
function rowWriter(
  table: Table,
  { time }: NumberTable,
  { format, writes }: StoredSeries,
  source: string,
): (values: readonly string[], time: string) => string {
  const { header, rows } = table;
  const newest = rows.slice(-recent);
  const constant = (index: number) => {
    const values = new Set(newest.map(({ cells }) => cells[index]));
    return values.size === 1 ? [...values][0] : '';
  };
  const isTime = isOneOf(time === null ? [] : [time]);
  const places = new Map(columnsOf(table, writes).map((index, place) => [index, place]));
  const cellsOf = (values: readonly string[], at: string) =>
    header.map((name, index) => {
      if (isTime(name)) return at;
      const place = places.get(index);
      return place === undefined ? constant(index) : values[place];
    });
  if (isDelimited(format)) {
    const dialect = dialectOf(format);
    return (values, at) => writeDelimitedRow(cellsOf(values, at), dialect);
  }
  const [comma, colon] = source.includes('": ') ? [', ', ': '] : [',', ':'];
  return (values, at) => {
    const pairs = cellsOf(values, at).flatMap((cell, index) => {
      if (cell === '') return [];
      const written = writeJson(cell, table.areBare?.[index] ?? true);
      return [`${JSON.stringify(header[index])}${colon}${written}`];
    });
    return `{${pairs.join(comma)}}`;
  };
}
