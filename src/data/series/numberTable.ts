// Takes numbers out of a table: a row a step, in the order of the table.
import { Problem } from '../../protocol/problem.ts';
import { columnsOf, isOneOf } from '../table/labelledRows.ts';
import type { Misfit, Table } from '../table/table.ts';
import { isTime } from './times.ts';

/** The names of the columns that are read and predicted; null lets the content decide. */
export interface WantedNumbers {
  readonly reads: readonly string[] | null;
  readonly writes: readonly string[] | null;
}

/** The numbers of a table, in its own units. */
export interface NumberTable {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** The column of times; null where there is none. */
  readonly time: string | null;
  /** The cells of the column of times, of the rows that have numbers. */
  readonly times: readonly string[];
  /** The numbers of the rows that have all of them, [rows × reads] and [rows × writes]. */
  readonly inputs: Float64Array;
  readonly targets: Float64Array;
  readonly rows: number;
  /** The number of rows at the end that have none of the numbers that are predicted. */
  readonly empty: number;
  readonly misfits: readonly Misfit[];
  /** Sentences on columns that look like numbers, and are left out all the same. */
  readonly remarks: readonly string[];
}

/** The sentence for a table of numbers whose first line is a row. */
export const withoutNames =
  'The first line has numbers where the names of the columns belong: add a line with names above it.';

/** The least share of a column's filled cells that are numbers. */
export const leastNumbers = 0.9;

/** @throws Problem when there is no column of numbers, or not one column of each name */
export function readNumbers(table: Table, wanted: WantedNumbers): NumberTable {
  const { header, rows } = table;
  if (wanted.reads === null && wanted.writes === null && header.every(isNumber))
    throw new Problem(withoutNames);
  const isNamed = isOneOf([...(wanted.reads ?? []), ...(wanted.writes ?? [])]);
  const cellsOf = (index: number) => rows.map((row) => row.cells[index].trim());
  const filled = (index: number) => cellsOf(index).filter((cell) => cell !== '');
  const time = header.findIndex((name, index) => !isNamed(name) && isTime(name, filled(index)));
  const numeric = header.flatMap((name, index) =>
    index !== time && areNumbers(filled(index)) ? [name.trim()] : [],
  );
  const reads = wanted.reads ?? (numeric.length > 0 ? numeric : null);
  const remarks = header.flatMap((name, index) => {
    const isOpen = wanted.reads === null && index !== time && !isNamed(name);
    return isOpen ? remarkOnDoubtful(name.trim(), filled(index)) : [];
  });
  if (!reads)
    throw new Problem(
      [
        `No column of the table holds numbers to forecast. The columns are ${header.map((name) => `\`${name.trim()}\``).join(', ')}.`,
        ...(time < 0
          ? []
          : [`\`${header[time].trim()}\` looks like times: name it in \`writes\` if it is to be forecast.`]),
        ...remarks,
      ].join(' '),
    );
  const writes = wanted.writes ?? reads;
  const [read, written] = [reads, writes].map((names) => columnsOf(table, names));
  let end = rows.length;
  const isEmpty = (row: number) => written.every((index) => rows[row].cells[index].trim() === '');
  while (end > 0 && isEmpty(end - 1)) end--;
  const misfits = [...table.misfits];
  const kept: number[] = [];
  for (let row = 0; row < end; row++) {
    const wrong = [...read, ...written].find((index) => !isNumber(rows[row].cells[index]));
    if (wrong === undefined) {
      kept.push(row);
      continue;
    }
    const cell = rows[row].cells[wrong].trim();
    const message = `Its \`${header[wrong].trim()}\` is ${cell === '' ? 'empty' : 'no number'}.`;
    misfits.push({ line: rows[row].line, message });
  }
  misfits.sort((a, b) => a.line - b.line);
  const numbersOf = (columns: readonly number[]) =>
    Float64Array.from(kept.flatMap((row) => columns.map((index) => Number(rows[row].cells[index]))));
  return {
    reads: read.map((index) => header[index].trim()),
    writes: written.map((index) => header[index].trim()),
    time: time < 0 ? null : header[time].trim(),
    times: time < 0 ? [] : kept.map((row) => rows[row].cells[time].trim()),
    inputs: numbersOf(read),
    targets: numbersOf(written),
    rows: kept.length,
    empty: rows.length - end,
    misfits,
    remarks,
  };
}

/** Returns whether a cell holds one finite number, with a decimal point and perhaps spaces around it. */
export const isNumber = (cell: string): boolean => cell.trim() !== '' && Number.isFinite(Number(cell));

/** The words that programs write in place of a missing number. */
const missing = /^\s*(?:NA|N\/A|NaN|null|none|-|\?)\s*$/i;

const knownOf = (filled: readonly string[]) => filled.filter((cell) => !missing.test(cell));

/** Returns whether nearly all of a column's filled cells are numbers, without those that say that one is missing. */
export function areNumbers(filled: readonly string[]): boolean {
  const known = knownOf(filled);
  return known.length > 0 && known.filter(isNumber).length >= leastNumbers * known.length;
}

/** A number with a unit, with signs between its thousands, or with another sign for its decimals. */
const almostNumber = /^[^\p{L}\d]{0,3}(?:\d{1,3}(?:[.,'’\s]\d{3})+|\d+)(?:[.,]\d+)?\s*[^\d\s]{0,3}$/u;

/** Returns a sentence on a column that is none of numbers, where most of its cells are, or look like some. */
export function remarkOnDoubtful(name: string, filled: readonly string[]): string[] {
  const known = knownOf(filled);
  const wrong = known.filter((cell) => !isNumber(cell));
  if (areNumbers(filled)) return [];
  if (
    wrong.length > 0 &&
    wrong.filter((cell) => almostNumber.test(cell)).length >= leastNumbers * wrong.length
  )
    return [
      `The column \`${name}\` is left out, since its cells are no plain numbers, such as \`${wrong[0]}\`: leave out units, and signs between thousands.`,
    ];
  if (2 * wrong.length >= known.length) return [];
  return [
    `The column \`${name}\` is left out, since ${wrong.length} of its ${known.length} cells are no numbers, such as \`${wrong[0]}\`.`,
  ];
}
