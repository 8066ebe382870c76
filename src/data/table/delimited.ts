// Tables of delimited values with a header line (RFC 4180).
import Papa from 'papaparse';
import { Problem } from '../../protocol/problem.ts';
import type { CellPlace, Misfit, Table, TableRow } from './table.ts';

export type Delimiter = ',' | '\t';

/**
 * Reads a table. Blank lines are no rows.
 * @param text the normalised text
 * @throws Problem when it has no header
 */
export function readDelimited(text: string, delimiter: Delimiter): Table {
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
      if (quote) throw new Problem(`The header, line ${line}, has a quotation mark that is not closed.`);
      header = cells;
    } else if (quote) misfits.push({ line, message: quoteMessages[quote] });
    else if (cells.length !== header.length)
      misfits.push({ line, message: `It has ${count(cells.length)}, and the header has ${header.length}.` });
    else rows.push({ line, cells });
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
 * Finds one cell of a row.
 * @param record the text of the row, without its line end
 * @returns null where the row is not read in the same way without the rest of its table
 */
export function delimitedCell(
  record: string,
  delimiter: Delimiter,
  { column, cells }: { readonly column: number; readonly cells: readonly string[] },
): CellPlace | null {
  const places = placesOf(record, delimiter);
  const place = places[column];
  if (!place || places.length !== cells.length) return null;
  const isQuoted = record.startsWith('"', place.from);
  return { ...place, write: (value) => (isQuoted ? inQuotes(value) : writeCell(value, delimiter)) };
}

const inQuotes = (value: string) => `"${value.replaceAll('"', '""')}"`;

const writeCell = (value: string, delimiter: Delimiter): string =>
  [delimiter, '"', '\n', '\r'].some((each) => value.includes(each)) ? inQuotes(value) : value;

/** Writes a row, without its line end. */
export const writeDelimitedRow = (cells: readonly string[], delimiter: Delimiter): string =>
  cells.map((cell) => writeCell(cell, delimiter)).join(delimiter);

/**
 * Returns the cells of a row as they are written, the last of which may only have been begun.
 * @returns null where a quotation mark is not closed
 */
export function cellsAsWritten(record: string, delimiter: Delimiter): string[] | null {
  const places = placesOf(record, delimiter);
  return places.length > 0 ? places.map(({ from, to }) => record.slice(from, to)) : null;
}

function placesOf(record: string, delimiter: Delimiter): { from: number; to: number }[] {
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
