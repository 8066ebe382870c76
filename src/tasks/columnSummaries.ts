import type { Table } from '../data/table/table.ts';
import type { ColumnSummary } from '../protocol/rows.ts';

/** Returns the columns whose names are their own. */
export function columnSummaries({ header, rows }: Table): ColumnSummary[] {
  return header.flatMap((name, index) => {
    if (header.some((other, at) => at !== index && other.trim() === name.trim())) return [];
    const cells = rows.map(({ cells }) => cells[index].trim()).filter((cell) => cell !== '');
    return [{ name: name.trim(), filled: cells.length, different: new Set(cells).size }];
  });
}
