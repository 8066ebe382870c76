// Estimates the derivative of a function of one number from differences at several widths, extrapolated to
// the width 0.

/** An estimated derivative. */
export interface Estimate {
  readonly value: number;
  /** The estimated distance from the derivative: how much the last extrapolation has changed the value. */
  readonly error: number;
}

export type Slope =
  | ({ readonly kind: 'smooth' } & Estimate)
  /** The slopes on both sides differ, so there is no derivative. */
  | { readonly kind: 'kink'; readonly left: number; readonly right: number }
  /** The function has no finite values around the point. */
  | { readonly kind: 'undefined' };

/** Each width is a quarter of the one before. */
const widths = Array.from({ length: 12 }, (_, index) => 1e-2 / 4 ** index);

/** Two estimates contradict each other when they differ by more than this many times their error. */
export const significant = 10;

/** Returns the plain central difference, (f(w) - f(-w)) / 2w. */
export const centralDifference = (f: (at: number) => number, width: number): number =>
  (f(width) - f(-width)) / (2 * width);

/**
 * Estimates the slope of `f` at 0 and tells a kink from a smooth point.
 * @param f the function at a distance from the point
 * @param rounding the largest rounding error of a value
 * @param least the smallest difference of slopes that counts as a kink
 */
export function slopeOf(f: (at: number) => number, rounding: number, least: number): Slope {
  const here = f(0);
  const above = widths.map(f);
  const below = widths.map((width) => f(-width));
  const right = extrapolated(
    above.map((value, i) => (value - here) / widths[i]),
    1,
    rounding,
  );
  const left = extrapolated(
    below.map((value, i) => (here - value) / widths[i]),
    1,
    rounding,
  );
  const central = extrapolated(
    above.map((value, i) => (value - below[i]) / (2 * widths[i])),
    2,
    rounding,
  );
  if (!central || !left || !right) return { kind: 'undefined' };
  const jump = Math.abs(right.value - left.value);
  if (jump > Math.max(least, significant * (right.error + left.error)))
    return { kind: 'kink', left: left.value, right: right.value };
  return { kind: 'smooth', ...central };
}

/**
 * Applies Richardson's extrapolation to quartered widths and stops where rounding dominates (Ridders 1982).
 * @param order the order of the error's first term, and the distance to the order of the next one: 2 for
 * central differences, whose error is even in the width, and 1 for one-sided differences
 * @returns null where no three neighbouring differences are finite
 */
function extrapolated(differences: readonly number[], order: 1 | 2, rounding: number): Estimate | null {
  let best: Estimate | null = null;
  for (let at = 2; at < differences.length; at++) {
    const [coarse, middle, fine] = differences.slice(at - 2, at + 1);
    const once = (wide: number, narrow: number, power: number) => narrow + (narrow - wide) / (4 ** power - 1);
    const [first, second] = [once(coarse, middle, order), once(middle, fine, order)];
    const value = once(first, second, 2 * order);
    const error = Math.max(
      Math.abs(value - second),
      Math.abs(second - first) / 16,
      (2 * rounding) / widths[at],
    );
    if (Number.isFinite(error) && (best === null || error < best.error)) best = { value, error };
  }
  return best;
}
