// The learning curve of a run on few rows: what is reached from parts of them (Cortes et al. 1994).

export interface CurvePoint {
  readonly rows: number;
  /** The value of the run's metric on its held-out rows. */
  readonly value: number;
}

export interface LearningCurve {
  /** Whether the values are errors, as those of a regressor are, and not shares of what is right. */
  readonly lowerIsBetter: boolean;
  /** The values reached from nested parts of the training rows, the smallest first; the last point is the run itself. */
  readonly points: readonly CurvePoint[];
  /** The number of updates from which the parts were learned: at most half of the run's. */
  readonly updates: number;
  /**
   * The interval that holds the run's value on other rows with a probability of 95 %, as far as the number of held-out rows
   * tells; null where the value is no share of rows.
   */
  readonly interval: readonly [low: number, high: number] | null;
  /** The metric that twice as many rows would reach: errors fall with a power of their number. */
  readonly expected: CurvePoint;
}

/** The gain of twice as many rows below which more are said hardly to help: of a share, and of an error its part. */
const leastGain = 0.01;
const leastPart = 0.05;

/** Returns whether twice as many rows are expected to help. */
export function wouldMoreHelp({ points, expected, lowerIsBetter }: LearningCurve): boolean {
  const reached = points[points.length - 1].value;
  return lowerIsBetter ? expected.value <= (1 - leastPart) * reached : expected.value - reached >= leastGain;
}

/** Writes a value of a curve: an error is in units of its own, so that it has significant digits. */
export const writeCurveValue = (
  { lowerIsBetter }: Pick<LearningCurve, 'lowerIsBetter'>,
  value: number,
): string => (lowerIsBetter ? `${Number(value.toPrecision(3))}` : value.toFixed(2));
