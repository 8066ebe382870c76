// Takes a sequence and a number out of each row of a table.
import { areNumbers, isNumber } from '../series/numberTable.ts';
import { decimalsOf } from './decimals.ts';
import { type Columns, columnOf, labelledRows } from './labelledRows.ts';
import type { Misfit, Table } from './table.ts';

/** A step of a sequence is a token of the text that the columns hold, or the number of a column. */
export type SequenceKind = 'text' | 'numbers';

export interface NumberedRow {
  readonly line: number;
  /** The cells that are read, with a tab between them. */
  readonly text: string;
  readonly value: number;
}

export interface NumberedRows {
  readonly rows: readonly NumberedRow[];
  /** The number of rows whose number is empty: it is what the model is to fill in. */
  readonly empty: number;
  readonly misfits: readonly Misfit[];
  /** The most decimals that the numbers are written with. */
  readonly decimals: number;
}

/** Several columns of numbers are a sequence, a column a step; any others are text. @throws Problem as `columnOf` does */
export function sequenceKindOf(table: Table, reads: readonly string[]): SequenceKind {
  const cellsOf = (name: string) => {
    const index = columnOf(table, name);
    return table.rows.map(({ cells }) => cells[index].trim()).filter((cell) => cell !== '');
  };
  return reads.length > 1 && reads.every((name) => areNumbers(cellsOf(name))) ? 'numbers' : 'text';
}

/** @throws Problem when the table has not one column of each name */
export function numberedRows(table: Table, columns: Columns, kind: SequenceKind): NumberedRows {
  const { rows, missing, misfits: others } = labelledRows(table, columns);
  const misfits = [...others];
  const fitting = rows.filter(({ line, text, label }) => {
    const message = !isNumber(label)
      ? `Its \`${columns.writes}\` is no number.`
      : kind === 'numbers' && numbersIn(text) === null
        ? noSequence(columns)
        : null;
    if (message !== null) misfits.push({ line, message });
    return message === null;
  });
  misfits.sort((a, b) => a.line - b.line);
  return {
    rows: fitting.map(({ line, text, label }) => ({ line, text, value: Number(label) })),
    empty: missing.length,
    misfits,
    decimals: fitting.reduce((most, { label }) => Math.max(most, decimalsOf(label)), 0),
  };
}

/** Returns the sentence on a row whose cells are no sequence of numbers. */
export const noSequence = ({ reads }: Pick<Columns, 'reads'>): string =>
  `What it has in \`${reads[0]}\` to \`${reads.at(-1)}\` is no sequence of numbers without gaps.`;

/**
 * Returns the numbers of a row's cells. A sequence may be shorter than others: cells at its end may be empty.
 * @param text the cells with a tab between them
 * @returns null where there are none, or one of the cells is no number
 */
export function numbersIn(text: string): number[] | null {
  const cells = text.trimEnd().split('\t');
  return cells.every(isNumber) ? cells.map(Number) : null;
}
