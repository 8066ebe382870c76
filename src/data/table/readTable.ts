// Reads tables of all formats, and writes labels into them.
import { Problem } from '../../protocol/problem.ts';
import type { TableFormat } from '../../protocol/task.ts';
import { normalise } from '../text/corpus.ts';
import { type Delimiter, fillDelimited, readDelimited } from './delimited.ts';
import { fillFastText, isFastText, readFastText } from './fastText.ts';
import { fillJsonLine, objectOf, readJsonLines } from './jsonLines.ts';
import { linesOf, type Table } from './table.ts';

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

const delimiterOf = (format: 'CSV' | 'TSV'): Delimiter => (format === 'CSV' ? ',' : '\t');

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

/** The values that are written into one column of a table. */
export interface Filling {
  /** The name of the column that is filled. */
  readonly column: string;
  /** The index of the column; -1 where no row of JSON Lines has it yet. */
  readonly index: number;
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
  { column, index, values }: Filling,
): FilledTable {
  const mark = /^\uFEFF*/.exec(source)![0];
  const lines = source.slice(mark.length).split(/(?<=\r\n|\n|\r(?!\n))/);
  const unfilled: number[] = [];
  for (const { line, cells } of rows) {
    const value = values.get(line);
    if (value === undefined) continue;
    const height = isDelimited(format) ? heightOf(cells) : 1;
    const whole = lines.slice(line - 1, line - 1 + height).join('');
    const [end] = /(\r\n|\n|\r)?$/.exec(whole)!;
    const record = whole.slice(0, whole.length - end.length);
    const filled = isDelimited(format)
      ? fillDelimited(record, delimiterOf(format), { column: index, cells, value })
      : format === 'fastText'
        ? fillFastText(record, value)
        : fillJsonLine(record, column, value);
    if (filled === null) unfilled.push(line);
    else lines.splice(line - 1, height, filled + end, ...Array<string>(height - 1).fill(''));
  }
  return { text: mark + lines.join(''), unfilled };
}

const isDelimited = (format: TableFormat): format is 'CSV' | 'TSV' => format === 'CSV' || format === 'TSV';

/** Returns the number of lines of a row: a quoted cell may have several. */
const heightOf = (cells: readonly string[]): number =>
  1 + cells.reduce((breaks, cell) => breaks + cell.split('\n').length - 1, 0);
