// Reads tables of all formats, and writes labels into them.
import { Problem } from '../../protocol/problem.ts';
import type { TableFormat } from '../../protocol/task.ts';
import { normalise } from '../text/corpus.ts';
import { type Delimiter, delimitedCell, readDelimited } from './delimited.ts';
import { fastTextCell, isFastText, readFastText } from './fastText.ts';
import { jsonCell, objectOf, readJsonLines } from './jsonLines.ts';
import { type CellPlace, linesOf, type Table, type TableRow, writeCell } from './table.ts';

/** Recognises the format of a table by its content. @returns null where the text is no table */
export function formatOf(source: string): TableFormat | null {
  const text = normalise(source);
  const [first] = linesOf(text);
  if (!first) return null;
  if (objectOf(first.text)) return 'JSON Lines';
  if (isFastText(text)) return 'fastText';
  if (first.text.includes('\t')) return 'TSV';
  return first.text.includes(',') ? 'CSV' : null;
}

export const delimiterOf = (format: 'CSV' | 'TSV'): Delimiter => (format === 'CSV' ? ',' : '\t');

/** Reads a table. @throws Problem when it has no header, or is not text */
export function readTable(source: string, format: TableFormat): Table {
  const text = normalise(source);
  if (text.includes('\0'))
    throw new Problem('This looks like a binary file: it has NUL characters. Name a table.');
  switch (format) {
    case 'JSON Lines':
      return readJsonLines(text);
    case 'fastText':
      return readFastText(text);
    default:
      return readDelimited(text, delimiterOf(format));
  }
}

/** A column of a table. */
export interface Column {
  readonly column: string;
  /** The index of the column; -1 where no row of JSON Lines has it yet. */
  readonly index: number;
  /** Whether its values are numbers; missing where they are texts. */
  readonly isNumber?: boolean;
}

/**
 * Finds the cell of a column in a row.
 * @param record the text of the row, without its last line end
 * @returns null where the cells of the row cannot be told apart
 */
export function cellIn(
  record: string,
  format: TableFormat,
  { cells }: TableRow,
  { column, index, isNumber }: Column,
): CellPlace | null {
  if (isDelimited(format)) return delimitedCell(record, delimiterOf(format), { column: index, cells });
  return format === 'fastText' ? fastTextCell(record) : jsonCell(record, column, isNumber);
}

/** The values that are written into one column of a table. */
export interface Filling extends Column {
  /** The values by the line on which their rows begin. */
  readonly values: ReadonlyMap<number, string>;
}

/** The text of a table with its values, and the lines of the rows into which none could be written. */
export interface FilledTable {
  readonly text: string;
  readonly unfilled: readonly number[];
}

/**
 * Writes values into one column of a table. All else stays as it is, byte for byte: the other cells, quotation
 * marks, line ends and a byte-order mark.
 * @param source the text as it is in the file
 * @param table what `readTable` has read from it
 */
export function writeTable(
  source: string,
  format: TableFormat,
  { rows }: Table,
  filling: Filling,
): FilledTable {
  const mark = /^\uFEFF*/.exec(source)![0];
  const lines = source.slice(mark.length).split(/(?<=\r\n|\n|\r(?!\n))/);
  const unfilled: number[] = [];
  for (const row of rows) {
    const { line } = row;
    const value = filling.values.get(line);
    if (value === undefined) continue;
    const height = heightOf(format, row);
    const whole = lines.slice(line - 1, line - 1 + height).join('');
    const [end] = /(\r\n|\n|\r)?$/.exec(whole)!;
    const record = whole.slice(0, whole.length - end.length);
    const cell = cellIn(record, format, row, filling);
    if (cell)
      lines.splice(
        line - 1,
        height,
        writeCell(record, cell, value) + end,
        ...Array<string>(height - 1).fill(''),
      );
    else unfilled.push(line);
  }
  return { text: mark + lines.join(''), unfilled };
}

const isDelimited = (format: TableFormat): format is 'CSV' | 'TSV' => format === 'CSV' || format === 'TSV';

/** Returns the number of lines of a row: a quoted cell may have several. */
export const heightOf = (format: TableFormat, { cells }: TableRow): number =>
  isDelimited(format) ? 1 + cells.reduce((breaks, cell) => breaks + cell.split('\n').length - 1, 0) : 1;
