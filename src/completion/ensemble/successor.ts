// Numbers that count up from line to line, as the first column of a table does.

/** A number of a line. */
export interface PlacedNumber {
  /** The number of separators before it, and of numbers in the same field. */
  readonly field: number;
  readonly order: number;
  /** The place at which it begins. */
  readonly start: number;
  /** The digits of the number plus one. */
  readonly successor: readonly number[];
}

/** Returns the digits of a number plus one. Zeros before it stay. */
export function successor(digits: readonly number[]): number[] {
  const next = [...digits];
  for (let at = next.length - 1; at >= 0; at--) {
    next[at] = (next[at] + 1) % 10;
    if (next[at] !== 0) return next;
  }
  return [1, ...next];
}
