// Goes on with a row of numbers that has been begun.
import { isNumber } from '../../data/series/numberTable.ts';
import { cellsAsWritten, type Dialect, withPoint } from '../../data/table/delimited.ts';

/**
 * Returns the whole row where what has been typed may be its beginning. Numbers that have been typed stay, whatever was
 * expected in their place, and the last cell goes on where what is expected there begins with it. The other cells, such as
 * the time, are those that are expected, as far as they are known.
 * @param expected the row that is expected
 * @param isPredicted returns whether the column of an index holds numbers that are predicted
 * @returns null where nothing goes on from there
 */
export function goOn(
  begun: string,
  expected: string,
  dialect: Dialect,
  isPredicted: (index: number) => boolean,
): string | null {
  const [typed, wanted] = [begun, expected].map((row) => cellsAsWritten(row, dialect));
  if (!typed || !wanted || typed.length > wanted.length) return null;
  const last = typed.length - 1;
  const fits = (cell: string, index: number): boolean =>
    index === last
      ? wanted[index].startsWith(cell)
      : cell === wanted[index] ||
        wanted[index] === '' ||
        (isPredicted(index) && isNumber(withPoint(cell, dialect)));
  if (!typed.every(fits)) return null;
  const rest = [wanted[last].slice(typed[last].length), ...wanted.slice(last + 1)].join(dialect.delimiter);
  return rest === '' ? null : begun + rest;
}
