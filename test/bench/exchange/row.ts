/** A claim about the exchange of models with another program, and what was measured. */
export interface Row {
  readonly name: string;
  readonly value: number;
  /** The value that is not to be exceeded. */
  readonly bound: number;
  readonly holds: boolean;
}

export interface Surroundings {
  /** Prints a line, such as a sentence about what cannot be tried on this machine. */
  say(line: string): void;
  /** The names of cells to which the rows are limited; null for all. */
  readonly only: readonly string[] | null;
}

export type RowMaker = (surroundings: Surroundings) => AsyncIterable<Row>;

export const row = (name: string, value: number, bound: number): Row => ({
  name,
  value,
  bound,
  holds: value <= bound,
});
