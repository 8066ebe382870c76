// Understands a document as a table whose rows have a number to predict.
import { areNumbers } from '../../data/series/numberTable.ts';
import { indicesOf } from '../../data/table/labelledRows.ts';
import { numberedRows } from '../../data/table/numberedRows.ts';
import { readTable } from '../../data/table/readTable.ts';
import { type RecognisedNumber, recogniseNumber } from '../../data/table/recogniseNumber.ts';
import type { Table } from '../../data/table/table.ts';
import { minimumRows } from '../../data/table/tableDataset.ts';
import { Problem } from '../../protocol/problem.ts';
import type { ChosenColumns, DataReading } from '../../protocol/rows.ts';
import { columnSummaries } from '../columnSummaries.ts';
import { hasFewMisfits, misfitsText } from '../misfits.ts';

/**
 * Returns how the document is understood, if it is a table with a column of numbers to predict.
 * @param isNamed whether its file's name is that of a table, so that it need not look like one
 */
export function regressorReadings(
  text: string,
  isNamed: boolean,
  columns: ChosenColumns,
): readonly DataReading[] {
  try {
    const found = recogniseNumber(text, columns);
    if (!found) return [];
    const { format, reads, writes, kind, sentence } = found;
    if (writes === null || reads === null || reads.length === 0) return [];
    const table = readTable(text, format);
    if ((!isNamed && !hasFewMisfits(table)) || !holdsNumbers(table, writes)) return [];
    const { misfits, ...numbers } = numberedRows(table, { reads, writes }, kind);
    return [
      {
        sentence,
        choice: { kind: 'regressor', reads, writes, heldOut: null },
        columns: columnSummaries(table),
        reads,
        writes,
        obstacle: obstacleOf({ ...found, writes }, numbers),
        misfits: misfitsText({ misfits }),
      },
    ];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    // The acceptor's reading says what is wrong with the table.
    return [];
  }
}

function holdsNumbers({ header, rows }: Table, writes: string): boolean {
  const [index] = indicesOf({ header }, writes);
  return areNumbers(rows.map(({ cells }) => cells[index].trim()).filter((cell) => cell !== ''));
}

function obstacleOf(
  { writes }: RecognisedNumber & { readonly writes: string },
  { rows }: Pick<ReturnType<typeof numberedRows>, 'rows'>,
): string | null {
  if (rows.length < minimumRows)
    return `${minimumRows} rows with a number are needed to learn from, and \`${writes}\` is filled in on ${rows.length}: fill in more.`;
  return rows.every(({ value }) => value === rows[0].value)
    ? `All rows have the same \`${writes}\`: two different numbers are needed.`
    : null;
}
