// Takes a text and a label out of each row of a table.
import { Problem } from '../../protocol/problem.ts';
import type { Misfit, Table } from './readTable.ts';

/** The names of the columns that are read and predicted. */
export interface Columns {
  readonly text: string;
  readonly label: string;
}

export interface LabelledRow {
  readonly line: number;
  readonly text: string;
  readonly label: string;
}

export interface LabelledRows {
  readonly rows: readonly LabelledRow[];
  /** The lines of the rows whose label is empty: it is what the model is to fill in. */
  readonly missing: readonly number[];
  readonly misfits: readonly Misfit[];
}

/** @throws Problem when the table has not one column of each name */
export function labelledRows(table: Table, columns: Columns): LabelledRows {
  const text = columnOf(table, columns.text);
  const label = columnOf(table, columns.label);
  const rows: LabelledRow[] = [];
  const missing: number[] = [];
  const misfits = [...table.misfits];
  for (const { line, cells } of table.rows) {
    const own = cells[label].trim();
    if (cells[text].trim() === '') misfits.push({ line, message: `Its \`${columns.text}\` is empty.` });
    else if (own === '') missing.push(line);
    else rows.push({ line, text: cells[text], label: own });
  }
  misfits.sort((a, b) => a.line - b.line);
  return { rows, missing, misfits };
}

function columnOf({ header }: Table, name: string): number {
  const found = header.flatMap((each, index) => (each.trim() === name ? [index] : []));
  if (found.length === 1) return found[0];
  if (found.length > 1)
    throw new Problem(`The table has ${found.length} columns \`${name}\`: give each a name of its own.`);
  const names = header.map((each) => `\`${each.trim()}\``).join(', ');
  throw new Problem(`The table has no column \`${name}\`: its columns are ${names}.`);
}
