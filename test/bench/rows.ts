// The rows that benchmarks print and write: what was measured, and the bound that it has to keep.
import { writeFileSync } from 'node:fs';

export interface Row {
  readonly name: string;
  readonly value: number;
  readonly bound: number;
  readonly holds: boolean;
  /** The value in each round, of which `value` is the median; missing where there are no rounds. */
  readonly rounds?: readonly number[];
}

export const atLeast = (name: string, value: number, bound: number): Row => ({
  name,
  value,
  bound,
  holds: value >= bound,
});

export const atMost = (name: string, value: number, bound: number): Row => ({
  name,
  value,
  bound,
  holds: value <= bound,
});

export function printRow({ name, value, bound, holds }: Row): void {
  const kept = holds ? 'holds      ' : 'FALLS SHORT';
  process.stdout.write(`${kept} ${name.padEnd(76)} ${+value.toPrecision(4)} (${bound})\n`);
}

/**
 * Ends a benchmark: writes its rows where a file is named, and sets the exit code to 1 where one falls short or
 * none was measured.
 * @param contents what is written, where that is more than the rows
 */
export function endWith(rows: readonly Row[], file: string | undefined, contents: unknown = rows): void {
  if (file !== undefined) writeFileSync(file, `${JSON.stringify(contents, null, 2)}\n`);
  if (rows.length === 0 || rows.some(({ holds }) => !holds)) process.exitCode = 1;
}
