// Says which rows of a table do not fit, and how they can be mended.
import { cellIn, dialectOf, formatOf, heightOf, isDelimited, readTable } from '../data/table/readTable.ts';
import type { Column, Misfit, Table, TableRow } from '../data/table/table.ts';
import { Problem } from '../protocol/problem.ts';
import type { ChosenColumns, Mend, Position, Stretch, WrongRow } from '../protocol/rows.ts';
import type { TableFormat } from '../protocol/task.ts';

/** The most rows that are reported. */
export const mostWrongRows = 1000;

/** The number of misfits that a sentence names. */
const named = 3;

/** The largest share of rows that do not fit, of a text that is taken for a table by its content. */
const mostMisfits = 1 / 4;

export const hasFewMisfits = ({ rows, misfits }: Table): boolean =>
  misfits.length <= mostMisfits * (rows.length + misfits.length);

/** Returns a sentence on the rows that do not fit; null where there are none. */
export function misfitsText({ misfits }: Pick<Table, 'misfits'>): string | null {
  if (misfits.length === 0) return null;
  const some = misfits.slice(0, named).map(({ line, message }) => `Line ${line}: ${message}`);
  const count =
    misfits.length === 1 ? '1 row does not fit' : `${misfits.length.toLocaleString('en')} rows do not fit`;
  return [`${count}, and would be left out.`, ...some].join(' ');
}

/** A table in which wrong rows are looked for, and the columns that a run would read and write. */
export interface CheckedTable {
  readonly table: Table;
  readonly format: TableFormat;
  /** The lines of the text. */
  readonly lines: readonly string[];
  readonly reads: readonly string[];
  readonly writes: string;
}

/**
 * Finds the wrong rows of a text, sorted by their lines; none where the text is no table or no columns are chosen.
 * @param text the text with line ends as \n
 * @param find returns the wrong rows of the table; when it throws a Problem, the header cannot be used, and is itself
 * the only wrong row
 */
export function wrongRowsIn(
  text: string,
  { reads, writes }: ChosenColumns,
  find: (checked: CheckedTable) => readonly WrongRow[],
): WrongRow[] {
  const lines = text.split('\n');
  const format = formatOf(text);
  if (format === null || reads === null || writes === null) return [];
  try {
    const found = find({ table: readTable(text, format), format, lines, reads, writes });
    return found.toSorted((a, b) => a.from.line - b.from.line).slice(0, mostWrongRows);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return [{ ...wholeLine(lines, 0), message: error.message, mend: null }];
  }
}

/** Returns a row that does not fit with its correction, where one is likely. */
export function wrongMisfit(
  { line, message }: Misfit,
  { lines, format, table: { header } }: Pick<CheckedTable, 'lines' | 'format' | 'table'>,
): WrongRow {
  const stretch = wholeLine(lines, line - 1);
  const record = lines[line - 1];
  const mend =
    unclosedQuote(record, format, header.length, line - 1) ??
    missingCells(record, format, header.length, stretch.to);
  return { ...stretch, message, mend };
}

/** Closes the only quotation mark of a row that has all its cells on its line, at the end of the mark's cell. */
function unclosedQuote(record: string, format: TableFormat, columns: number, line: number): WrongRow['mend'] {
  if (!isDelimited(format)) return null;
  const cells = record.split(dialectOf(format).delimiter);
  const at = cells.findIndex((cell) => cell.startsWith('"'));
  if (at < 0 || cells.length !== columns || record.split('"').length !== 2) return null;
  const place = { line, character: cells.slice(0, at + 1).join(' ').length };
  return { from: place, to: place, title: 'Close the quotation mark', text: '"' };
}

/** Adds the cells that a row of a TSV or CSV has too few of at its end, where all others stand. */
function missingCells(record: string, format: TableFormat, columns: number, at: Position): WrongRow['mend'] {
  if (!isDelimited(format) || record.includes('"')) return null;
  const { delimiter } = dialectOf(format);
  const missing = columns - record.split(delimiter).length;
  if (missing <= 0) return null;
  const title = missing === 1 ? 'Add the empty cell' : `Add the ${missing} empty cells`;
  return { from: at, to: at, title, text: delimiter.repeat(missing) };
}

/** Returns the stretch of a line, which is counted from 0. */
export const wholeLine = (lines: readonly string[], line: number) => ({
  from: { line, character: 0 },
  to: { line, character: lines[line]?.length ?? 0 },
});

/** A column of a table, and the lines of its text. */
export interface PlacedIn {
  readonly format: TableFormat;
  readonly lines: readonly string[];
  readonly column: Column;
}

export interface CellStretch {
  /** The cell; the row's first line where it cannot be found. */
  readonly stretch: Stretch;
  /** Returns the correction that writes a value into the cell. */
  mend(value: string): Mend | null;
}

/** Finds the cell of a row. */
export function placeOf(row: TableRow, { format, lines, column }: PlacedIn): CellStretch {
  const first = row.line - 1;
  const record = lines.slice(first, first + heightOf(format, row)).join('\n');
  const cell = cellIn(record, format, row, column);
  const at = (offset: number): Position => {
    const before = record.slice(0, offset).split('\n');
    return { line: first + before.length - 1, character: before[before.length - 1].length };
  };
  const stretch = cell ? { from: at(cell.from), to: at(cell.to) } : wholeLine(lines, first);
  return {
    stretch,
    mend: (value) => cell && { ...stretch, title: `Change it to \`${value}\``, text: cell.write(value) },
  };
}
