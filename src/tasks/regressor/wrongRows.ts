// Finds the rows of a table that are left out of a run, since something other than a number stands where one belongs.
import { isNumber } from '../../data/series/numberTable.ts';
import { labelledRows } from '../../data/table/labelledRows.ts';
import { noSequence, numbersIn, sequenceKindOf } from '../../data/table/numberedRows.ts';
import type { ChosenColumns, WrongRow } from '../../protocol/rows.ts';
import { placeOf, wrongMisfit, wrongRowsIn } from '../misfits.ts';

/** @param text the text with line ends as \n */
export const wrongRowsOfNumbers = (text: string, columns: ChosenColumns): WrongRow[] =>
  wrongRowsIn(text, columns, (checked) => {
    const { table, format, lines, reads, writes } = checked;
    const kind = sequenceKindOf(table, reads);
    const { rows, missing, misfits, index } = labelledRows(table, { reads, writes });
    const byLine = new Map(table.rows.map((row) => [row.line, row]));
    const placed = { format, lines, column: { column: writes, index, isNumber: true } };
    const gaps =
      kind === 'numbers' ? [...rows, ...missing].filter((row) => numbersIn(row.text) === null) : [];
    return [
      ...misfits.map((misfit) => wrongMisfit(misfit, checked)),
      ...gaps.map(({ line }) => wrongMisfit({ line, message: noSequence({ reads }) }, checked)),
      ...rows.flatMap(({ line, label }): WrongRow[] => {
        if (isNumber(label)) return [];
        const { stretch, mend } = placeOf(byLine.get(line)!, placed);
        const meant = numberIn(label);
        const message = `\`${writes}\` holds numbers, and \`${label}\` is none, so that the row is left out.`;
        return [{ ...stretch, message, mend: meant === null ? null : mend(meant) }];
      }),
    ];
  });

/** Returns the only number in a text such as `4 stars` or `1,5`; null where there is none, or there are several. */
function numberIn(text: string): string | null {
  const [, found] = /^[^\d+-]*([+-]?\d+(?:[.,]\d+)?)[^\d]*$/.exec(text) ?? [];
  return found === undefined ? null : found.replace(',', '.');
}
