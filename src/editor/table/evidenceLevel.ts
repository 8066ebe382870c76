// Divides evidence into the levels of its colours. This file does not import VS Code, so that it can be tested without it.

/** The number of levels on each side, and the number of parts of the scale, of which the middle one has no colour. */
const side = 3;
const parts = 2 * side + 1;

/**
 * Returns the level of a value, from the most negative to the most positive one; null near zero, which has no
 * colour.
 * @param largest the largest absolute value of the row
 */
export function evidenceLevel(value: number, largest: number): number | null {
  if (!(largest > 0)) return null;
  const part = Math.min(parts - 1, Math.floor(((value / largest + 1) / 2) * parts));
  if (part === side) return null;
  return part > side ? part - 1 : part;
}
