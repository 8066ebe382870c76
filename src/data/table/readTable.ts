// Reads tables of all formats, and writes labels into them.
import { Problem } from '../../protocol/problem.ts';
import type { TableFormat } from '../../protocol/task.ts';
import { isNumber } from '../series/numberTable.ts';
import { normalise } from '../text/corpus.ts';
import { type Dialect, decimalIn, delimitedCells, readDelimited, withPoint } from './delimited.ts';
import { fastTextCell, isFastText, readFastText } from './fastText.ts';
import { jsonCells, objectOf, readJsonLines } from './jsonLines.ts';
import { type CellPlace, type Column, linesOf, type Table, type TableRow, writeCell } from './table.ts';

/**
 * Recognises the format of a table by its content. @returns null where the text is no table
 * @param like the format whose decimal sign holds where the text has no number with decimals
 */
export function formatOf(source: string, like: TableFormat | null = null): TableFormat | null {
  const text = normalise(source);
  const lines = linesOf(text).map((each) => each.text);
  const [first] = lines;
  if (first === undefined) return null;
  if (objectOf(first)) return 'JSON Lines';
  if (isFastText(text)) return 'fastText';
  const delimiter = delimiterIn(lines);
  if (delimiter === null) return columnOfNumbers(lines);
  if (delimiter === ',') return 'CSV';
  const usual = like !== null && isDelimited(like) && dialects[like].delimiter === delimiter ? like : null;
  const decimal = decimalIn(lines, delimiter) ?? (usual ? dialects[usual].decimal : '.');
  return delimiter === ';' ? semicolons[decimal] : tabs[decimal];
}

const dialects = {
  CSV: { delimiter: ',', decimal: '.' },
  TSV: { delimiter: '\t', decimal: '.' },
  'TSV with decimal commas': { delimiter: '\t', decimal: ',' },
  'CSV with semicolons': { delimiter: ';', decimal: '.' },
  'CSV with semicolons and decimal commas': { delimiter: ';', decimal: ',' },
} as const satisfies Partial<Record<TableFormat, Dialect>>;

const tabs = { '.': 'TSV', ',': 'TSV with decimal commas' } as const;
const semicolons = { '.': 'CSV with semicolons', ',': 'CSV with semicolons and decimal commas' } as const;

/** The formats whose cells have a delimiter between them. */
type DelimitedFormat = keyof typeof dialects;

/** Returns whether a format divides cells by a sign, as CSV and TSV do. */
export const isDelimited = (format: TableFormat): format is DelimitedFormat =>
  Object.hasOwn(dialects, format);

/** Returns how a format divides and writes cells. */
export const dialectOf = (format: DelimitedFormat): Dialect => dialects[format];

/** The number of lines that have to be divided alike. */
const alike = 10;

/** Returns what divides the first line; of commas and semicolons, what divides the next lines into as many cells. */
function delimiterIn(lines: readonly string[]): Dialect['delimiter'] | null {
  const [first] = lines;
  if (first.includes('\t')) return '\t';
  if (!first.includes(';')) return first.includes(',') ? ',' : null;
  if (!first.includes(',')) return ';';
  const cells = (sign: string) =>
    new Set(lines.slice(0, alike).map((line) => line.replaceAll(/"(?:[^"]|"")*"/g, '').split(sign).length));
  return cells(';').size < cells(',').size ? ';' : ',';
}

/** Returns the format of a text with a number on each line, below a line that may hold its name. */
function columnOfNumbers([, ...rest]: readonly string[]): TableFormat | null {
  if (rest.length < leastColumn) return null;
  if (rest.every(isNumber)) return 'CSV';
  const commas = dialects['CSV with semicolons and decimal commas'];
  return rest.every((line) => isNumber(withPoint(line, commas))) ? semicolons[','] : null;
}

/** The least number of lines with a number that are a column. */
const leastColumn = 3;

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
      return readDelimited(text, dialects[format]);
  }
}

/**
 * Returns a function that finds the cell of a column in a row; it returns null where the cells of the row cannot be told
 * apart.
 * @param record the text of the row, without its last line end
 */
export function cellsIn(
  record: string,
  format: TableFormat,
  { cells }: TableRow,
): (column: Column) => CellPlace | null {
  if (isDelimited(format)) {
    const find = delimitedCells(record, dialects[format], cells);
    return ({ index }) => find(index);
  }
  if (format === 'fastText') return () => fastTextCell(record);
  const find = jsonCells(record);
  return ({ column, isBare = false }) => find(column, isBare);
}

/** Finds the cell of one column in a row, as `cellsIn` does. */
export const cellIn = (
  record: string,
  format: TableFormat,
  row: TableRow,
  column: Column,
): CellPlace | null => cellsIn(record, format, row)(column);

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

/** Returns the number of lines of a row: a quoted cell may have several. */
export const heightOf = (format: TableFormat, { cells }: TableRow): number =>
  isDelimited(format) ? 1 + cells.reduce((breaks, cell) => breaks + cell.split('\n').length - 1, 0) : 1;
