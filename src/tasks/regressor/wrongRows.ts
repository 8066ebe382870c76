// Finds the rows of a table that are left out of a run, since something other than a number stands where one belongs.
import { isNumber } from '../../data/series/numberTable.ts';
import { type LabelledRow, labelledRows } from '../../data/table/labelledRows.ts';
import { noSequence, numbersIn, sequenceKindOf } from '../../data/table/numberedRows.ts';
import { dialectOf, isDelimited } from '../../data/table/readTable.ts';
import type { ChosenColumns, WrongRow } from '../../protocol/rows.ts';
import type { TableFormat } from '../../protocol/task.ts';
import { mostWrongRows, placeOf, wrongMisfit, wrongRowsIn } from '../misfits.ts';

/** @param text the text with line ends as \n */
export const wrongRowsOfNumbers = (text: string, columns: ChosenColumns): WrongRow[] =>
  wrongRowsIn(text, columns, (checked) => {
    const { table, format, lines, reads, writes } = checked;
    const kind = sequenceKindOf(table, reads);
    const { rows, missing, misfits, column } = labelledRows(table, { reads, writes, isBare: true });
    const byLine = new Map(table.rows.map((row) => [row.line, row]));
    const placed = { format, lines, column };
    const decimal = decimalOf(rows, format);
    const wrong = rows.filter(({ label }) => !isNumber(label)).slice(0, mostWrongRows);
    const gaps =
      kind === 'numbers' ? [...rows, ...missing].filter((row) => numbersIn(row.text) === null) : [];
    return [
      ...misfits.map((misfit) => wrongMisfit(misfit, checked)),
      ...gaps.map(({ line }) => wrongMisfit({ line, message: noSequence({ reads }) }, checked)),
      ...wrong.map(({ line, label }): WrongRow => {
        const { stretch, mend } = placeOf(byLine.get(line)!, placed);
        const meant = numberIn(label, decimal);
        const message = `\`${writes}\` holds numbers, and \`${label}\` is none, so that the row is left out.`;
        return { ...stretch, message, mend: meant === null ? null : mend(meant) };
      }),
    ];
  });

/** Returns the sign before the decimals of a column's numbers; null where none has decimals. */
function decimalOf(rows: readonly LabelledRow[], format: TableFormat): '.' | ',' | null {
  const hasDecimals = rows.some(({ label }) => isNumber(label) && label.includes('.'));
  if (!hasDecimals) return null;
  return isDelimited(format) ? dialectOf(format).decimal : '.';
}

/** A number whose only sign may be one between its thousands. */
const perhapsThousands = /^[+-]?[1-9]\d{0,2}([.,])\d{3}$/;

/**
 * Returns the only number in a text such as `4 stars` or `1,5`; null where there is none, or there are several, or where it
 * may be a thousand times as large, as in `1,050`.
 * @param decimal the sign before the decimals of the column's other numbers; null where none has decimals
 */
function numberIn(text: string, decimal: '.' | ',' | null): string | null {
  const [, found] = /^[^\d+-]*([+-]?\d+(?:[.,]\d+)?)[^\d]*$/.exec(text) ?? [];
  if (found === undefined) return null;
  const [, sign = decimal] = perhapsThousands.exec(found) ?? [];
  return sign === decimal ? found.replace(',', '.') : null;
}
