// Numbers as a source: a vector of them, from which a text is written.
import { isNumber, leastNumbers } from '../series/numberTable.ts';
import type { LabelledRow } from '../table/labelledRows.ts';
import type { Misfit } from '../table/table.ts';

/** The most different whole numbers of one column that are codes of categories. */
const mostCodes = 20;

/** The share of further texts by which numbers have several texts each. */
const severalTexts = 1.1;

/** Returns the numbers of a row, whose cells have tabs between them; null where one of them is no number. */
export function numbersOf(text: string): readonly number[] | null {
  const cells = text.split('\t');
  return cells.every(isNumber) ? cells.map(Number) : null;
}

/**
 * Returns whether sources are numbers, and no text that consists of digits: nearly all cells are numbers, and there are
 * several columns of them, or fractions, or the same whole number has several texts.
 */
export function sourcesAreNumbers(rows: readonly Pick<LabelledRow, 'text' | 'label'>[]): boolean {
  const read = rows.flatMap(({ text, label }) => {
    const numbers = numbersOf(text);
    return numbers ? [{ numbers, label }] : [];
  });
  if (read.length === 0 || read.length < leastNumbers * rows.length) return false;
  if (read.some(({ numbers }) => numbers.length > 1 || !numbers.every(Number.isInteger))) return true;
  const different = new Set(read.map(({ numbers }) => numbers[0])).size;
  const texts = new Set(read.map(({ numbers, label }) => `${numbers[0]}\t${label}`)).size;
  return different > mostCodes && texts >= severalTexts * different;
}

/** Returns what is wrong with a row whose cells are to be numbers; null where all are. */
export function wrongNumber(
  { line, text }: Pick<LabelledRow, 'line' | 'text'>,
  reads: readonly string[],
): Misfit | null {
  const cells = text.split('\t');
  const wrong = cells.findIndex((cell) => !isNumber(cell));
  if (wrong < 0) return null;
  const what = cells[wrong].trim() === '' ? 'empty' : 'no number';
  return { line, message: `Its \`${reads[wrong] ?? reads[0]}\` is ${what}.` };
}
