// The numbers that a run has predicted for its held-out rows.

/** A held-out row with its number and the one that was predicted, in the column's own units. */
export interface PredictedRow {
  /** The line on which it begins, from 1. */
  readonly line: number;
  readonly actual: number;
  readonly predicted: number;
  readonly lower: number;
  readonly upper: number;
}

export interface PredictedNumbers {
  /** The name of the column. */
  readonly column: string;
  /** The share of the numbers that should lie within their intervals. */
  readonly level: number;
  /** The root mean squared error of always predicting the mean. */
  readonly ofMean: number;
  readonly rows: readonly PredictedRow[];
}
