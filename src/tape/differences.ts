// Derivatives of a function of one number from its values: differences at several widths, extrapolated to the width 0.

export interface Estimate {
  readonly value: number;
  /** How far the value is from the derivative, judged by how much the last extrapolation has changed it. */
  readonly error: number;
}

export type Slope =
  | ({ readonly kind: 'smooth' } & Estimate)
  /** The slopes on both sides differ: there is no derivative. */
  | { readonly kind: 'kink'; readonly left: number; readonly right: number }
  /** The function has no finite values around the point. */
  | { readonly kind: 'undefined' };

/** Each a quarter of the one before. */
const widths = Array.from({ length: 12 }, (_, index) => 1e-2 / 4 ** index);

/** Two estimates contradict each other when they differ by more than so many of their errors. */
export const significant = 10;

/** (f(w) - f(-w)) / 2w, the plain central difference. */
export const centralDifference = (f: (at: number) => number, width: number): number =>
  (f(width) - f(-width)) / (2 * width);

/**
 * @param f the function at a distance from the point
 * @param rounding how far a value may be off
 * @param least a difference of slopes below it is no kink
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
 * Richardson's extrapolation along quartered widths, stopped where rounding takes over (Ridders 1982).
 * @param order of the error's first term, which is that of the next one divided by `order` too: 2 for central
 * differences, whose error is even in the width, 1 for those of one side
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
