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

export interface Table {
  /** The names of the columns. */
  readonly header: readonly string[];
  /** The rows that have a cell for each column. */
  readonly rows: readonly TableRow[];
  /** The rows that have not. */
  readonly misfits: readonly Misfit[];
}

/** Returns the lines of a normalised text that are not blank, with their numbers from 1. */
export function linesOf(text: string): { readonly line: number; readonly text: string }[] {
  return text
    .split('\n')
    .map((each, index) => ({ line: index + 1, text: each }))
    .filter((each) => each.text.trim() !== '');
}

/** The number of misfits that a remark names. */
const named = 5;

/** Says how many rows do not fit, and of some of them why; nothing where all fit. */
export function remarkOnMisfits(misfits: readonly Misfit[]): string[] {
  if (misfits.length === 0) return [];
  const some = misfits.slice(0, named).map(({ line, message }) => `Line ${line}: ${message}`);
  const more = misfits.length > named ? [`And ${misfits.length - named} more.`] : [];
  const rows = `${misfits.length.toLocaleString('en')} ${misfits.length === 1 ? 'row' : 'rows'}`;
  return [[`Left out, as they do not fit: ${rows}.`, ...some, ...more].join(' ')];
}
