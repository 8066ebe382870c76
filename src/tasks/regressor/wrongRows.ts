// Finds the rows of a table that are left out of a run, since they have no number where one is to be.
import { isNumber } from '../../data/series/numberTable.ts';
import { labelledRows } from '../../data/table/labelledRows.ts';
import { noSequence, numbersIn, sequenceKindOf } from '../../data/table/numberedRows.ts';
import { formatOf, readTable } from '../../data/table/readTable.ts';
import { Problem } from '../../protocol/problem.ts';
import type { ChosenColumns, WrongRow } from '../../protocol/rows.ts';
import { mostWrongRows, placeOf, wholeLine, wrongMisfit } from '../misfits.ts';

/** @param text the text with line ends as \n */
export function wrongRowsOfNumbers(text: string, { reads, writes }: ChosenColumns): WrongRow[] {
  const lines = text.split('\n');
  const format = formatOf(text);
  if (format === null || reads === null || writes === null) return [];
  try {
    const table = readTable(text, format);
    const kind = sequenceKindOf(table, reads);
    const { rows, missing, misfits, index } = labelledRows(table, { reads, writes });
    const byLine = new Map(table.rows.map((row) => [row.line, row]));
    const placed = { format, lines, column: { column: writes, index, isNumber: true } };
    const gaps =
      kind === 'numbers' ? [...rows, ...missing].filter((row) => numbersIn(row.text) === null) : [];
    const wrong = [
      ...[...misfits, ...gaps.map(({ line }) => ({ line, message: noSequence({ reads }) }))].map((misfit) =>
        wrongMisfit(misfit, lines, format, table),
      ),
      ...rows.flatMap(({ line, label }): WrongRow[] => {
        if (isNumber(label)) return [];
        const { stretch, mend } = placeOf(byLine.get(line)!, placed);
        const meant = numberIn(label);
        const message = `\`${writes}\` holds numbers, and \`${label}\` is none, so that the row is left out.`;
        return [{ ...stretch, message, mend: meant === null ? null : mend(meant) }];
      }),
    ];
    return wrong.sort((a, b) => a.from.line - b.from.line).slice(0, mostWrongRows);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    // The header cannot be used.
    return [{ ...wholeLine(lines, 0), message: error.message, mend: null }];
  }
}

/** Returns the only number in a text such as `4 stars` or `1,5`; null where there is none, or there are several. */
function numberIn(text: string): string | null {
  const [, found] = /^[^\d+-]*([+-]?\d+(?:[.,]\d+)?)[^\d]*$/.exec(text) ?? [];
  return found === undefined ? null : found.replace(',', '.');
}
