// Finds the characters of a row's text in its record, which writes some of them with marks of its format.
import type { TableFormat } from '../../protocol/task.ts';
import { labelEnd } from './fastText.ts';
import { cellsIn } from './readTable.ts';
import type { Column, TableRow } from './table.ts';

/**
 * Returns the offset in the record of each UTF-16 unit of the text, and null for what stands between two columns.
 * @param columns the columns that are read, in the order of the text
 * @returns null where the cells of the row cannot be told apart
 */
export function textPlaces(
  record: string,
  format: TableFormat,
  row: TableRow,
  columns: readonly Column[],
): readonly (number | null)[] | null {
  if (format === 'fastText') return range(labelEnd(record), record.length);
  const places: (number | null)[] = [];
  const cellOf = cellsIn(record, format, row);
  for (const [order, column] of columns.entries()) {
    const cell = cellOf(column);
    if (!cell) return null;
    const raw = record.slice(cell.from, cell.to);
    const inside = raw.startsWith('"') ? quoted(raw, format) : range(0, raw.length);
    if (order > 0) places.push(null);
    for (const at of inside) places.push(cell.from + at);
  }
  return places;
}

/** Returns the offsets of the characters between two quotation marks; one that is escaped begins at its escape. */
function quoted(raw: string, format: TableFormat): number[] {
  const units = format === 'JSON Lines' ? /\\u[\da-f]{4}|\\.|./gisy : /""|./gsy;
  return [...raw.slice(1, -1).matchAll(units)].map(({ index }) => index + 1);
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, index) => from + index);
