// The rows of some lines of a table, with the places of the cells that are filled in.
import type { Position, RowsPassage, Stretch } from '../../protocol/rows.ts';
import type { TableFormat } from '../../protocol/task.ts';
import { begunWithPoint } from './delimited.ts';
import { isFastText } from './fastText.ts';
import { type Columns, columnsOf, type LabelledRow, rowsToLabel } from './labelledRows.ts';
import { cellIn, dialectOf, formatOf, heightOf, isDelimited, readTable } from './readTable.ts';
import { textPlaces } from './textPlaces.ts';

export interface PlacedRow {
  /** The first line and the last one, counted in the passage's text from 0. */
  readonly line: number;
  readonly last: number;
  readonly text: string;
  /** The label, which may only have been begun, with a decimal point; empty where there is none. */
  readonly label: string;
  /** Returns the position of a UTF-16 unit of the text; null where it stands nowhere. */
  textAt(offset: number): Position | null;
  /** The cell of the label; null where it cannot be found. */
  readonly cell: (Stretch & { write(value: string): string }) | null;
}

export interface PlacedTable {
  readonly format: TableFormat;
  /** Whether the table has a column for the labels, or can have one. */
  readonly hasColumn: boolean;
  readonly rows: readonly PlacedRow[];
}

/**
 * Reads the rows of a passage.
 * @returns null where the passage is no table
 * @throws Problem when the table has not the columns that are read
 */
export function placedRows(
  { head, text }: Pick<RowsPassage, 'head' | 'text'>,
  columns: Columns,
): PlacedTable | null {
  const before = head === '' ? 0 : 1;
  const source = head === '' ? text : `${head}\n${text}`;
  const format = isFastText(source) ? 'fastText' : formatOf(source, columns.format);
  if (format === null) return null;
  const table = readTable(source, format);
  const { rows, missing, column } = rowsToLabel(table, columns);
  const lines = source.split('\n');
  const byLine = new Map(table.rows.map((row) => [row.line, row]));
  const read = columnsOf(table, columns.reads).map((index) => ({ column: table.header[index], index }));
  const hasColumn = column.index >= 0 || format === 'JSON Lines';
  const place = ({ line, text, label }: LabelledRow): PlacedRow => {
    const row = byLine.get(line)!;
    const first = line - 1;
    const last = first + heightOf(format, row) - 1;
    const record = lines.slice(first, last + 1).join('\n');
    let places: readonly (number | null)[] | null = null;
    const cell = hasColumn ? cellIn(record, format, row, column) : null;
    const at = (offset: number) => positionAt(record, offset, first - before);
    return {
      line: first - before,
      last: last - before,
      text,
      label: isDelimited(format) ? begunWithPoint(label, dialectOf(format)) : label,
      textAt(offset) {
        places ??= textPlaces(record, format, row, read) ?? [];
        const found = places[offset] ?? null;
        return found === null ? null : at(found);
      },
      cell: cell && { from: at(cell.from), to: at(cell.to), write: cell.write },
    };
  };
  const all = [...rows, ...missing.map((row) => ({ ...row, label: '' }))]
    .sort((a, b) => a.line - b.line)
    .map(place)
    .filter(({ line }) => line >= 0);
  return { format, hasColumn, rows: all };
}

/** Returns the position of an offset in a text that begins on line `first`. */
function positionAt(text: string, offset: number, first: number): Position {
  const lines = text.slice(0, offset).split('\n');
  return { line: first + lines.length - 1, character: lines[lines.length - 1].length };
}

/** Returns the lines of a text that is no table as rows into which nothing can be written. */
export const linesAsRows = ({ text }: Pick<RowsPassage, 'text'>): PlacedRow[] =>
  text.split('\n').flatMap((each, line) =>
    each.trim() === ''
      ? []
      : [
          {
            line,
            last: line,
            text: each,
            label: '',
            textAt: (offset) => ({ line, character: offset }),
            cell: null,
          },
        ],
  );
