// Understands a document as a table whose rows are classified.
import { readTable } from '../../data/table/readTable.ts';
import { mostClasses, type RecognisedTable, recognise } from '../../data/table/recognise.ts';
import type { Table } from '../../data/table/table.ts';
import { minimumRows } from '../../data/table/tableDataset.ts';
import { Problem } from '../../protocol/problem.ts';
import type { ChosenColumns, DataReading } from '../../protocol/rows.ts';
import { columnSummaries } from '../columnSummaries.ts';
import { hasFewMisfits, misfitsText } from '../misfits.ts';

/**
 * Returns how the document is understood, if it is a table.
 * @param isNamed whether its file's name is that of a table, so that it need not look like one
 */
export function acceptorReadings(
  text: string,
  isNamed: boolean,
  columns: ChosenColumns,
): readonly DataReading[] {
  const wanted = { kind: 'acceptor', ...columns, heldOut: null } as const;
  try {
    const found = recognise(text, columns);
    if (!found) return [];
    const table = readTable(text, found.format);
    if (!isNamed && !looksLikeTable(found, table)) return [];
    return [
      {
        sentence: found.sentence,
        choice: { ...wanted, reads: found.reads, writes: found.writes },
        columns: columnSummaries(table),
        reads: found.reads,
        writes: found.writes,
        obstacle: obstacleOf(found),
        misfits: misfitsText(table),
      },
    ];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (!isNamed) return [];
    const unread = { columns: [], reads: null, writes: null, misfits: null };
    return [{ sentence: 'A table that cannot be read', choice: wanted, ...unread, obstacle: error.message }];
  }
}

const looksLikeTable = ({ reads, writes }: RecognisedTable, table: Table): boolean =>
  reads !== null && writes !== null && hasFewMisfits(table);

function obstacleOf({ columns, reads, writes, rows, classes, empty }: RecognisedTable): string | null {
  if (rows === 0) return 'The table has no rows below its header: add some, with labels.';
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (writes === null)
    return twice === undefined
      ? 'No column looks like classes: choose the one to fill in.'
      : `Several columns are called \`${twice}\`: give each a name of its own.`;
  if (reads === null) return `There is no column to read besides \`${writes}\`: add one.`;
  const filled = rows - empty;
  if (filled < minimumRows)
    return `${minimumRows} rows with a label are needed to learn from, and \`${writes}\` is filled in on ${filled}: fill in more.`;
  if (classes < 2) return `All rows have the same \`${writes}\`: two different labels are needed.`;
  if (classes > mostClasses)
    return `\`${writes}\` has ${classes.toLocaleString('en')} different values on ${filled.toLocaleString('en')} rows, which are no classes but text of its own: choose a column of at most ${mostClasses}.`;
  return null;
}
