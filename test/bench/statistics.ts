export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Returns the least of some values below or at which at least a share of them lies, so that 0.95 gives their 95 % quantile. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

/**
 * Returns the interval that holds the median of what the rounds were drawn from with a probability of at least 95 %,
 * whatever its distribution: two of the values, by the sign test (Conover 1999, section 3.2). Fewer than six values
 * are too few for it, and then the interval holds all of them.
 */
export function medianInterval(values: readonly number[]): readonly [number, number] {
  const sorted = [...values].sort((a, b) => a - b);
  const count = sorted.length;
  // The probability that at most `below` of the values are less than the median.
  let outside = 0;
  let term = 2 ** -count;
  let below = 0;
  for (; below < count >> 1; below++) {
    if (2 * (outside + term) > 0.05) break;
    outside += term;
    term *= (count - below) / (below + 1);
  }
  const at = Math.max(0, below - 1);
  return [sorted[at], sorted[count - 1 - at]];
}

/** Says whether the median of some rounds is surely another than that of earlier ones: their intervals do not meet. */
export function movement(before: readonly number[], after: readonly number[]): 'rose' | 'fell' | '' {
  const [wasLeast, wasMost] = medianInterval(before);
  const [isLeast, isMost] = medianInterval(after);
  return isLeast > wasMost ? 'rose' : isMost < wasLeast ? 'fell' : '';
}
