// Forecasts: of a table's next rows, with the question for them, and of the rows that a run has held out.
import type { ModelReference } from './modelReference.ts';

/** A forecast of one number, as it is written in its column, with the ends of the interval that should hold it. */
export interface ForecastCell {
  readonly column: string;
  readonly value: string;
  readonly lower: string;
  readonly upper: string;
}

export interface ForecastRow {
  /** The row's line, as it would stand in the table. */
  readonly text: string;
  readonly cells: readonly ForecastCell[];
  /**
   * The factor by which the intervals are narrower than those of a Gaussian with the columns' own standard deviations: 1 is
   * certain, and 0 says no more than that.
   */
  readonly sharpness: number;
}

/** The rows that a model expects. */
export interface Continuation {
  readonly rows: readonly ForecastRow[];
  /**
   * The text of the cursor's line that stands before the first row: a whole row with a line end, or nothing where the
   * first row begins on the line.
   */
  readonly before: string;
  /** The share of the numbers that are to lie within their intervals. */
  readonly level: number;
  /** A sentence why nothing can be forecast; null where something is. */
  readonly problem: string | null;
}

/** Asks for the rows that follow in a table of numbers. */
export interface ForecastRequest extends ModelReference {
  readonly kind: 'forecast';
  /** The document's first line, which may name the columns; empty where the text begins with it. */
  readonly head: string;
  /** The whole lines before that of the cursor, with line ends as \n. */
  readonly text: string;
  /** The cursor's line, which may be empty, begun, or a whole row. */
  readonly begun: string;
  /** The number of rows that are forecast. */
  readonly steps: number;
}

/** The forecast of one column by a run, and what came true. All numbers are in the column's own units. */
export interface HeldOutColumn {
  readonly name: string;
  /** The last numbers before the forecast, the oldest first. */
  readonly before: readonly number[];
  /** The numbers that came true, their forecasts, and the ends of the intervals, [steps] each. */
  readonly actual: readonly number[];
  readonly forecast: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  /** The forecasts of the baselines, [steps] each. */
  readonly baselines: readonly { readonly name: string; readonly values: readonly number[] }[];
}

/** The forecast of the first held-out rows, none of which the network has read: it runs freely. */
export interface HeldOutForecast {
  /** The number of rows before the first one that is forecast. */
  readonly rows: number;
  /** The share of the numbers that are to lie within their intervals. */
  readonly level: number;
  readonly columns: readonly HeldOutColumn[];
}
