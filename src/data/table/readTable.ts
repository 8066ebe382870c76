// Reads a table of delimited values with a header line (RFC 4180).
import Papa from 'papaparse';
import { Problem } from '../../protocol/problem.ts';
import { normalise } from '../text/corpus.ts';

export type Delimiter = ',' | '\t';

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

/** Reads a table. Blank lines are no rows. @throws Problem when it has no header, or is not text */
export function readTable(source: string, delimiter: Delimiter): Table {
  const text = normalise(source);
  if (text.includes('\0'))
    throw new Problem('This looks like a binary file: it has NUL characters. Open a table to train on.');
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
  MissingQuotes: 'A quotation mark is opened and never closed: double it if it belongs to the text.',
  InvalidQuotes: 'Text follows a closing quotation mark: double the marks that belong to the text.',
};

const count = (cells: number) => (cells === 1 ? '1 column' : `${cells} columns`);
