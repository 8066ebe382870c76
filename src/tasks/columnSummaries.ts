import { indicesOf } from '../data/table/labelledRows.ts';
import type { Table } from '../data/table/table.ts';
import type { ColumnSummary } from '../protocol/rows.ts';

/** Returns the columns whose names are their own. */
export function columnSummaries(table: Table): ColumnSummary[] {
  return table.header.flatMap((name, index) => {
    if (indicesOf(table, name).length > 1) return [];
    const cells = table.rows.map(({ cells }) => cells[index].trim()).filter((cell) => cell !== '');
    return [{ name: name.trim(), filled: cells.length, different: new Set(cells).size }];
  });
}
