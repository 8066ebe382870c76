// A table as it is read from any format: a header, and rows with a cell for each column.

/** A row of a table, with the number of the line where it begins, from 1. */
export interface TableRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** A row that does not fit, and why. */
export interface Misfit {
  readonly line: number;
  /** A sentence. */
  readonly message: string;
}

/** A table, whatever its format was. */
export interface Table {
  /** The names of the columns. */
  readonly header: readonly string[];
  /** The rows that have a cell for each column. */
  readonly rows: readonly TableRow[];
  /** The rows that have not. */
  readonly misfits: readonly Misfit[];
  /**
   * Whether the columns of JSON Lines have their numbers and booleans bare, without quotation marks around them; null for a
   * column without any. Missing for the other formats.
   */
  readonly areBare?: readonly (boolean | null)[];
}

/** A column of a table, by which its cells are found. */
export interface Column {
  /** The name as the header has it, which is the key of JSON Lines; that of the new column where the table has none yet. */
  readonly column: string;
  /** The index of the column; -1 where no row of JSON Lines has it yet. */
  readonly index: number;
  /** Whether JSON Lines have its numbers and booleans bare; missing where they have them in quotation marks. */
  readonly isBare?: boolean;
}

/** The place of a row's cell in the row's text, and how a value is written there. */
export interface CellPlace {
  /** Offsets in the row's text, the end exclusive. They are the same where the cell is still to be written. */
  readonly from: number;
  readonly to: number;
  /** Returns the text that stands for a value there, with the marks that its format needs. */
  write(value: string): string;
}

/** Returns the text of a row with a value in its cell. All else stays as it is. */
export const writeCell = (record: string, { from, to, write }: CellPlace, value: string): string =>
  record.slice(0, from) + write(value) + record.slice(to);

/** Returns the lines of a normalised text that are not blank, with their numbers from 1. */
export function linesOf(text: string): { readonly line: number; readonly text: string }[] {
  return text
    .split('\n')
    .map((each, index) => ({ line: index + 1, text: each }))
    .filter((each) => each.text.trim() !== '');
}
