// The tasks that are trained on the rows of a table ask in the same way for the table, its columns and a held-out file.
import { formatOf } from '../data/table/readTable.ts';
import { Problem } from '../protocol/problem.ts';
import type { TableFormat } from '../protocol/task.ts';

/**
 * Returns the only document of a request.
 * @param isTrained says what is trained on what, such as `An acceptor is trained on one table`
 * @throws Problem when there are several
 */
export function onlyDocument(documents: readonly string[], isTrained: string): string {
  if (documents.length !== 1) throw new Problem(`${isTrained}, and these are ${documents.length}: name one.`);
  return documents[0];
}

/** A table that was recognised, and the columns that were named or look right; null where none does. */
export interface RecognisedColumns {
  readonly columns: readonly string[];
  readonly reads: readonly string[] | null;
  readonly writes: string | null;
}

/**
 * Returns the columns that are read and written.
 * @param sayNoneToWrite returns the sentence for a table without a column to write, from the names of all columns
 * @throws Problem when it is not clear which columns are meant
 */
export function chosenColumns(
  { columns, reads, writes }: RecognisedColumns,
  sayNoneToWrite: (named: string) => string,
): { readonly reads: readonly string[]; readonly writes: string } {
  const named = columns.map((name) => `\`${name}\``).join(', ');
  if (writes === null) throw new Problem(sayNoneToWrite(named));
  if (reads === null || reads.length === 0)
    throw new Problem(`There is no column to read besides \`${writes}\`. The columns are ${named}.`);
  return { reads, writes };
}

/**
 * Returns the table of a held-out file with its format; null where no file is named.
 * @param mayBe returns whether the task reads tables of a format
 * @param notATable the sentence for a file that is no such table
 * @throws Problem when the file is no table that the task reads
 */
export function heldOutTable(
  source: string | null,
  mayBe: (format: TableFormat) => boolean,
  notATable: string,
): { readonly source: string; readonly format: TableFormat } | null {
  if (source === null) return null;
  const format = formatOf(source);
  if (format === null || !mayBe(format)) throw new Problem(notATable);
  return { source, format };
}
