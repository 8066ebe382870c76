// Takes a text and a label out of each row of a table.
import { Problem } from '../../protocol/problem.ts';
import type { TableFormat } from '../../protocol/task.ts';
import type { Column, Misfit, Table } from './table.ts';

/** The names of the columns that are read and predicted. */
export interface Columns {
  /** The cells of several columns are read one after the other, with a tab between them. */
  readonly reads: readonly string[];
  readonly writes: string;
  /**
   * Whether JSON Lines have the numbers and booleans that are predicted bare, where the table itself does not show it; missing
   * where they have them in quotation marks.
   */
  readonly isBare?: boolean;
  /** The format of the table that a model was trained on; missing where there is none yet. */
  readonly format?: TableFormat;
}

/** A row as an acceptor learns it: the texts of the columns that are read, and the label. */
export interface LabelledRow {
  readonly line: number;
  readonly text: string;
  readonly label: string;
}

/** The rows of a table by what they have. */
export interface LabelledRows {
  readonly rows: readonly LabelledRow[];
  /** The rows whose label is empty: the model can fill it in. */
  readonly missing: readonly Omit<LabelledRow, 'label'>[];
  readonly misfits: readonly Misfit[];
  /** The column of labels. */
  readonly column: Column;
}

/**
 * Divides the rows of a table into those with a label and those without.
 * @throws Problem when the table has not one column of each name
 */
export function labelledRows(table: Table, columns: Columns): LabelledRows {
  return readRows(table, columns, { mayLackLabels: false });
}

/** Reads rows as `labelledRows` does, where the column of labels may be missing: it has then the index -1. */
export function rowsToLabel(table: Table, columns: Columns): LabelledRows {
  return readRows(table, columns, { mayLackLabels: true });
}

function readRows(
  table: Table,
  { reads, writes, isBare = false }: Columns,
  { mayLackLabels }: { readonly mayLackLabels: boolean },
): LabelledRows {
  if (isOneOf(reads)(writes))
    throw new Problem(
      `The column \`${writes}\` is filled in, so that it cannot be read, too: name another one.`,
    );
  const texts = columnsOf(table, reads);
  const lacks = mayLackLabels && indicesOf(table, writes).length === 0;
  const index = lacks ? -1 : columnOf(table, writes);
  const rows: LabelledRow[] = [];
  const missing: Omit<LabelledRow, 'label'>[] = [];
  const misfits = [...table.misfits];
  for (const { line, cells } of table.rows) {
    const text = texts.map((each) => cells[each]).join('\t');
    const label = (cells[index] ?? '').trim();
    if (text.trim() === '')
      misfits.push({ line, message: `Its ${reads.map((name) => `\`${name}\``).join(' and ')} is empty.` });
    else if (label === '') missing.push({ line, text });
    else rows.push({ line, text, label });
  }
  misfits.sort((a, b) => a.line - b.line);
  const column = {
    column: table.header[index] ?? writes,
    index,
    isBare: table.areBare?.[index] ?? isBare,
  };
  return { rows, missing, misfits, column };
}

/** Names are compared without the space around them, in one form of Unicode. */
const compared = (name: string): string => name.trim().normalize('NFC');

export const sameName = (a: string, b: string): boolean => compared(a) === compared(b);

/** Returns a function that tells whether a name is one of these. */
export function isOneOf(names: readonly string[]): (name: string) => boolean {
  const known = new Set(names.map(compared));
  return (name) => known.has(compared(name));
}

/** The indices of the columns of each name, by headers. A table may have thousands of columns, and is asked for each. */
const indicesByHeader = new WeakMap<readonly string[], ReadonlyMap<string, readonly number[]>>();

/** Returns the indices of the columns of a name. */
export function indicesOf({ header }: Pick<Table, 'header'>, name: string): readonly number[] {
  let indices = indicesByHeader.get(header);
  if (!indices) {
    indices = Map.groupBy(header.keys(), (index) => compared(header[index]));
    indicesByHeader.set(header, indices);
  }
  return indices.get(compared(name)) ?? [];
}

/** Returns the indices of columns. @throws Problem when there is not one of each name, or one is named twice */
export function columnsOf(table: Table, names: readonly string[]): number[] {
  const found = names.map((name) => columnOf(table, name));
  const first = new Map(found.map((index, place) => [index, place] as const).reverse());
  const twice = names.find((_, place) => first.get(found[place])! < place);
  if (twice !== undefined) throw new Problem(`The column \`${twice.trim()}\` is named twice: name it once.`);
  return found;
}

/** Returns the index of the one column of a name. @throws Problem when there is not one */
export function columnOf(table: Pick<Table, 'header'>, name: string): number {
  const found = indicesOf(table, name);
  if (found.length === 1) return found[0];
  if (found.length > 1)
    throw new Problem(`The table has ${found.length} columns \`${name}\`: give each a name of its own.`);
  const names = table.header.map((each) => `\`${each.trim()}\``).join(', ');
  throw new Problem(`The table has no column \`${name}\`: its columns are ${names}.`);
}
