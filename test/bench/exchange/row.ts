/** A claim about the exchange of models, and what was measured. */
export interface Row {
  readonly name: string;
  readonly value: number;
  /** The value that is not to be exceeded. */
  readonly bound: number;
  readonly holds: boolean;
}

/** Rows, and what could not be tried, in sentences. */
export interface Rows {
  readonly rows: readonly Row[];
  readonly notes: readonly string[];
}

export type RowMaker = () => Promise<Rows>;

export const row = (name: string, value: number, bound: number): Row => ({
  name,
  value,
  bound,
  holds: value <= bound,
});
