import type { Columns } from '../data/table/labelledRows.ts';
import { linesAsRows, type PlacedRow, placedRows } from '../data/table/placedRows.ts';
import { Problem } from '../protocol/problem.ts';
import type { RowsPassage } from '../protocol/rows.ts';
import type { TableFormat } from '../protocol/task.ts';

export interface RowsToFill {
  readonly rows: readonly PlacedRow[];
  /** The format of the table; null where the passage is none. */
  readonly format: TableFormat | null;
  /** A sentence why nothing can be written; null where something can. */
  readonly problem: string | null;
}

/** Returns the rows of a table; of any other text, its lines, into which nothing can be written. */
export function rowsToFill(passage: RowsPassage, columns: Columns): RowsToFill {
  const { reads, writes } = columns;
  try {
    const read = placedRows(passage, columns);
    if (read) {
      const problem = read.hasColumn
        ? null
        : `The table has no column \`${writes}\` to fill in: add one, whose cells may be empty.`;
      return { rows: read.rows, format: read.format, problem };
    }
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { rows: linesAsRows(passage), format: null, problem: error.message };
  }
  const problem = `This is no table with the columns ${[...reads, writes].map((name) => `\`${name}\``).join(', ')}, which the model was trained on: open one.`;
  return { rows: linesAsRows(passage), format: null, problem };
}

/** Whether a row is one of those that a passage asks for. */
export const isIn = ({ line, last }: PlacedRow, { from, to }: RowsPassage): boolean =>
  line < to && last >= from;
