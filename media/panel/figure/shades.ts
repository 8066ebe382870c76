// The shades of a heat map's colours.

/** The number of steps of a colour between no colour and all of it, each of which can be told from the next. */
export const shades = 10;

/**
 * Returns a value as a share of the colour of its sign, −shades … shades.
 * @param largest the absolute value that has all of the colour
 */
export function shadeOf(value: number, largest = 1): number {
  return Math.max(-shades, Math.min(shades, Math.round((shades * value) / largest))) || 0;
}

/** Returns the stretches of equal shades of a row. */
export function stretches(
  values: readonly number[],
  largest = 1,
): { from: number; to: number; shade: number }[] {
  const found: { from: number; to: number; shade: number }[] = [];
  for (const [at, value] of values.entries()) {
    const shade = shadeOf(value, largest);
    const last = found.at(-1);
    if (last?.shade === shade) last.to = at + 1;
    else found.push({ from: at, to: at + 1, shade });
  }
  return found;
}
