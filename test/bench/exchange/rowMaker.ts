import type { Row } from '../rows.ts';

export interface Surroundings {
  /** Prints a line, such as a sentence about what cannot be tried on this machine. */
  say(line: string): void;
  /** The names of cells to which the rows are limited; null for all. */
  readonly only: readonly string[] | null;
}

export type RowMaker = (surroundings: Surroundings) => AsyncIterable<Row>;
