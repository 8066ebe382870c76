// Measures how well classes are named.

/** A case that was classified. Classes are given by their indices. */
export interface ClassOutcome {
  readonly predicted: number;
  readonly target: number;
}

/** Returns whether a case is classified rightly. */
export const isRight = ({ predicted, target }: ClassOutcome): boolean => predicted === target;

/** Returns the accuracy, in [0, 1]; NaN where there are no cases. */
export const shareOfRight = (outcomes: readonly ClassOutcome[]): number =>
  outcomes.filter(isRight).length / outcomes.length;

/**
 * Returns the mean over the classes of the F1 score, the harmonic mean of precision and recall (van Rijsbergen
 * 1979; Sokolova & Lapalme 2009). Classes that neither occur nor are predicted do not count.
 */
export function macroF1(outcomes: readonly ClassOutcome[]): number {
  const right = new Map<number, number>();
  /** The number of times that each class occurs, plus the number of times that it is predicted. */
  const named = new Map<number, number>();
  const count = (counts: Map<number, number>, key: number) => counts.set(key, (counts.get(key) ?? 0) + 1);
  for (const { predicted, target } of outcomes) {
    count(named, predicted);
    count(named, target);
    if (predicted === target) count(right, target);
  }
  let sum = 0;
  for (const [key, total] of named) sum += (2 * (right.get(key) ?? 0)) / total;
  return sum / named.size;
}
