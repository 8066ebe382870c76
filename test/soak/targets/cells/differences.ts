// Computes derivatives as central differences at several widths, extrapolated, with an estimate of their own
// error.

/** A value, a hash of the decisions (relu, abs, min, max) on the way to it, and the largest number on that way. */
export interface Sample {
  readonly value: number;
  readonly decisions: number;
  readonly largest: number;
}

/** The rounding error on the way to a value, relative to the largest number. */
const rounding = 1e-15;

export type Difference =
  /** `error` estimates how far the difference itself is from the derivative. */
  | { readonly kind: 'derivative'; readonly value: number; readonly error: number }
  /** Another branch is taken at any width. */
  | { readonly kind: 'kink' }
  /** The function has no finite values around the point. */
  | { readonly kind: 'outside' };

/**
 * Returns the extrapolated difference.
 * @param f the function's value at a distance from the point
 * @param widths the largest first, each half of the one before
 */
function extrapolated(f: (at: number) => Sample, widths: readonly number[], decisions: number): Difference {
  const central: number[] = [];
  let largest = 0;
  for (const width of widths) {
    const [above, below] = [f(width), f(-width)];
    if (!Number.isFinite(above.value) || !Number.isFinite(below.value)) return { kind: 'outside' };
    if (above.decisions !== decisions || below.decisions !== decisions) return { kind: 'kink' };
    largest = Math.max(largest, Math.abs(above.value), above.largest);
    central.push((above.value - below.value) / (2 * width));
  }
  // Richardson: the error of a central difference is even in its width.
  const refined = central.slice(1).map((half, i) => (4 * half - central[i]) / 3);
  const value = refined.at(-1)!;
  const before = refined.length > 1 ? refined.at(-2)! : central.at(-1)!;
  const error = Math.max(Math.abs(value - before), (rounding * largest) / widths.at(-1)!);
  return { kind: 'derivative', value, error };
}

/** Returns a quick difference from two widths, whose error is an upper bound rather than an estimate. */
export const quickDifference = (f: (at: number) => Sample, decisions: number): Difference =>
  extrapolated(f, [1e-4, 5e-5], decisions);

/** Returns the difference with the smallest error among many widths. */
export function bestDifference(f: (at: number) => Sample, decisions: number): Difference {
  let best: Difference = { kind: 'outside' };
  for (let width = 1e-2; width > 1e-9; width /= 4) {
    const found = extrapolated(f, [width, width / 2, width / 4], decisions);
    if (found.kind === 'derivative') {
      if (best.kind !== 'derivative' || found.error < best.error) best = found;
    } else if (best.kind !== 'derivative') best = found;
  }
  return best;
}
