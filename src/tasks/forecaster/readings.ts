// Understands a document as a table of numbers to continue.
import { isNumber, readNumbers, withoutNames } from '../../data/series/numberTable.ts';
import { minimumRows } from '../../data/series/seriesDataset.ts';
import { formatOf, readTable } from '../../data/table/readTable.ts';
import type { Misfit } from '../../data/table/table.ts';
import { Problem } from '../../protocol/problem.ts';
import type { ChosenColumns, DataReading } from '../../protocol/rows.ts';

/** The most rows that do not fit, of a text that is taken for a table by its content. */
const mostMisfits = 1 / 4;

/** The least share of a table's columns, without that of times, that hold numbers. */
const leastNumeric = 1 / 2;

export interface SeriesReading extends DataReading {
  /** Whether there is no column but those of numbers and of times. */
  readonly isAllNumbers: boolean;
}

/**
 * Returns how the document is understood, if most of its columns hold numbers.
 * @param isNamed whether its file's name is that of a table, so that it need not look like one
 * @param columns those that the user has chosen: one to fill in leaves no series to continue
 */
export function forecasterReadings(
  text: string,
  isNamed: boolean,
  { writes }: ChosenColumns,
): readonly SeriesReading[] {
  const format = formatOf(text);
  if (format === null || format === 'fastText' || writes !== null) return [];
  try {
    const table = readTable(text, format);
    const { header } = table;
    if (header.every(isNumber)) return [nameless];
    const { reads, time, rows, misfits } = readNumbers(table, { reads: null, writes: null });
    const others = header.length - (time === null ? 0 : 1);
    const isTable = isNamed || misfits.length <= mostMisfits * (rows + misfits.length);
    if (!isTable || reads.length < leastNumeric * others) return [];
    return [
      {
        sentence: `Continue the series: ${count(reads.length, 'column', 'columns')} of numbers, ${count(rows, 'row', 'rows')}`,
        choice: { kind: 'forecaster', reads, writes: reads },
        columns: [],
        reads: null,
        writes: null,
        obstacle: obstacleOf(rows),
        misfits: misfitsOf(misfits),
        isAllNumbers: reads.length === others,
      },
    ];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return [];
  }
}

const nameless: SeriesReading = {
  sentence: 'A table of numbers whose columns have no names',
  choice: { kind: 'forecaster', reads: null, writes: null },
  columns: [],
  reads: null,
  writes: null,
  obstacle: withoutNames,
  misfits: null,
  isAllNumbers: true,
};

function obstacleOf(rows: number): string | null {
  if (rows >= minimumRows) return null;
  return `${minimumRows} rows with numbers are needed to learn from, and there ${rows === 1 ? 'is 1' : `are ${rows}`}: add more.`;
}

function misfitsOf(misfits: readonly Misfit[]): string | null {
  const [first] = misfits;
  if (!first) return null;
  const without = misfits.length === 1 ? '1 row' : `${misfits.length.toLocaleString('en')} rows`;
  return `${without} without a number would be left out. Line ${first.line}: ${first.message}`;
}

const count = (value: number, one: string, several: string): string =>
  `${value.toLocaleString('en')} ${value === 1 ? one : several}`;
