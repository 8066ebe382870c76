// The learning curve of a run on few rows: what is reached from parts of them (Cortes et al. 1994).

export interface CurvePoint {
  readonly rows: number;
  /** The value of the run's metric on its held-out rows. */
  readonly value: number;
}

export interface LearningCurve {
  /** The values reached from nested parts of the training rows, the smallest first; the last point is the run itself. */
  readonly points: readonly CurvePoint[];
  /** The number of updates from which the parts were learned: at most half of the run's. */
  readonly updates: number;
  /**
   * The interval that holds the run's value on other rows with a probability of 95 %, as far as the number of held-out rows
   * tells; null where the value is no share of rows.
   */
  readonly interval: readonly [low: number, high: number] | null;
  /** The metric that twice as many rows would reach: the share of errors falls with a power of their number. */
  readonly expected: CurvePoint;
}

/** The gain of twice as many rows below which more are said hardly to help. */
const leastGain = 0.01;

/** Returns whether twice as many rows are to bring something. */
export const wouldMoreHelp = ({ points, expected }: LearningCurve): boolean =>
  expected.value - points[points.length - 1].value >= leastGain;
