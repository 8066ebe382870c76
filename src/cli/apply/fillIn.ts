import { type Filling, writeTable } from '../../data/table/readTable.ts';
import type { Misfit, Table } from '../../data/table/table.ts';
import type { TableFormat } from '../../protocol/task.ts';
import { type Applied, counted, firstMisfits } from './applied.ts';

/** A table that a model was applied to. */
interface AppliedTable {
  readonly source: string;
  readonly format: TableFormat;
  readonly read: Table;
  readonly misfits: readonly Misfit[];
}

/** Writes what a model has found into a column, and says so. */
export function fillIn({ source, format, read, misfits }: AppliedTable, filling: Filling): Applied {
  const { text, unfilled } = writeTable(source, format, read, filling);
  const left = misfits.length + unfilled.length;
  const untold = unfilled.map((line) => ({ line, message: 'Its cells cannot be told apart.' }));
  return {
    text,
    sentence: [
      `Filled in: ${counted(filling.values.size - unfilled.length, 'row')} of \`${filling.column.trim()}\`.`,
      ...(left > 0 ? [`Left as they are, since they do not fit: ${counted(left, 'row')}.`] : []),
      ...firstMisfits(misfits),
      ...firstMisfits(untold),
    ].join(' '),
  };
}
