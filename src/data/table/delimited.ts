// Tables of delimited values with a header line (RFC 4180).
import Papa from 'papaparse';
import { Problem } from '../../protocol/problem.ts';
import type { CellPlace, Misfit, Table, TableRow } from './table.ts';

export interface Dialect {
  readonly delimiter: ',' | ';' | '\t';
  /** The sign between the units and the decimals of a number. In a table that is read, it is a point. */
  readonly decimal: '.' | ',';
}

/** Numbers whose only sign is that of their decimals. */
const decimals = {
  ',': /^\s*[-+]?\d+,\d+(?:[eE][-+]?\d+)?\s*$/,
  '.': /^\s*[-+]?\d+\.\d+(?:[eE][-+]?\d+)?\s*$/,
};

/** Returns a cell with a decimal point, if it is a number with the decimal sign of its table. */
export const withPoint = (cell: string, { decimal }: Dialect): string =>
  decimal === ',' && decimals[','].test(cell) ? cell.replace(',', '.') : cell;

/** A number that ends with its decimal comma. */
const begunDecimals = /^[-+]?\d+,$/;

/** Returns a cell that may only have been begun with a decimal point: `3,` is the beginning of `3.5`. */
export const begunWithPoint = (cell: string, { decimal }: Dialect): string =>
  decimal === ',' && begunDecimals.test(cell) ? cell.replace(',', '.') : cell;

/** Returns a value as its table writes it: a number with a decimal point gets the table's sign. */
const withSign = (value: string, { decimal }: Dialect): string =>
  decimal === ',' && decimals['.'].test(value) ? value.replace('.', ',') : value;

/** The number of cells that are looked at for the decimal sign. */
const glance = 10_000;

/** Returns the decimal sign of a table's numbers; null where none has decimals. */
export function decimalIn(lines: readonly string[], delimiter: ';' | '\t'): '.' | ',' | null {
  let seen = 0;
  let hasComma = false;
  for (const line of lines) {
    for (const cell of line.split(delimiter)) {
      const value = cell.replaceAll('"', '');
      if (decimals['.'].test(value)) return '.';
      hasComma ||= decimals[','].test(value);
    }
    seen += line.length;
    if (seen > glance) break;
  }
  return hasComma ? ',' : null;
}

/**
 * Reads a table. Blank lines are no rows.
 * @param text the normalised text
 * @throws Problem when it has no header
 */
export function readDelimited(text: string, dialect: Dialect): Table {
  const { delimiter } = dialect;
  const { data, errors } = Papa.parse<string[]>(text, { delimiter, newline: '\n' });
  const quotes = new Map(errors.flatMap(({ type, row, code }) => (type === 'Quotes' ? [[row, code]] : [])));
  let header: readonly string[] | null = null;
  const rows: TableRow[] = [];
  const misfits: Misfit[] = [];
  let next = 1;
  for (const [index, cells] of data.entries()) {
    const line = next;
    // A quoted cell may have several lines.
    next += 1 + cells.reduce((breaks, cell) => breaks + cell.split('\n').length - 1, 0);
    if (cells.length === 1 && cells[0].trim() === '') continue;
    const quote = quotes.get(index);
    if (!header) {
      if (quote)
        throw new Problem(
          `The header, line ${line}, has a quotation mark that is not closed: close it, or write \`""\` for a mark within a name.`,
        );
      header = cells;
    } else if (quote) misfits.push({ line, message: quoteMessages[quote] });
    else if (cells.length !== header.length)
      misfits.push({ line, message: `It has ${count(cells.length)}, and the header has ${header.length}.` });
    else rows.push({ line, cells: cells.map((cell) => withPoint(cell, dialect)) });
  }
  if (!header)
    throw new Problem('The table is empty: it needs a line with the names of its columns, and rows.');
  return { header, rows, misfits };
}

/** The messages by the parser's codes. */
const quoteMessages: Readonly<Record<string, string>> = {
  MissingQuotes:
    'A quotation mark is opened and never closed, so that all that follows is one cell: double it if it belongs to the text.',
  InvalidQuotes: 'Text follows a closing quotation mark: double the marks that belong to the text.',
};

const count = (cells: number) => (cells === 1 ? '1 column' : `${cells} columns`);

/**
 * Returns a function that finds the cell of a row in the column of an index; it returns null where the row is not read in the
 * same way without the rest of its table.
 * @param record the text of the row, without its line end
 * @param cells the cells that were read
 */
export function delimitedCells(
  record: string,
  dialect: Dialect,
  cells: readonly string[],
): (index: number) => CellPlace | null {
  const places = placesOf(record, dialect);
  return (index) => {
    const place = places[index];
    if (!place || places.length !== cells.length) return null;
    const isQuoted = record.startsWith('"', place.from);
    return {
      ...place,
      write: (value) => (isQuoted ? inQuotes(withSign(value, dialect)) : writeCell(value, dialect)),
    };
  };
}

const inQuotes = (value: string) => `"${value.replaceAll('"', '""')}"`;

function writeCell(value: string, dialect: Dialect): string {
  const written = withSign(value, dialect);
  return [dialect.delimiter, '"', '\n', '\r'].some((each) => written.includes(each))
    ? inQuotes(written)
    : written;
}

/** Writes a row, without its line end. */
export const writeDelimitedRow = (cells: readonly string[], dialect: Dialect): string =>
  cells.map((cell) => writeCell(cell, dialect)).join(dialect.delimiter);

/**
 * Returns the cells of a row as they are written, the last of which may only have been begun.
 * @returns null where a quotation mark is not closed
 */
export function cellsAsWritten(record: string, dialect: Dialect): string[] | null {
  const places = placesOf(record, dialect);
  return places.length > 0 ? places.map(({ from, to }) => record.slice(from, to)) : null;
}

function placesOf(record: string, { delimiter }: Dialect): { from: number; to: number }[] {
  const cell = new RegExp(`"(?:[^"]|"")*"|[^${delimiter}]*`, 'y');
  const places: { from: number; to: number }[] = [];
  for (let from = 0; ; ) {
    cell.lastIndex = from;
    const to = from + cell.exec(record)![0].length;
    places.push({ from, to });
    if (record[to] !== delimiter) return to === record.length ? places : [];
    from = to + 1;
  }
}
