// Finds where the axis of a loss ends.
import type { XY } from './series.ts';

/** A loss has exploded where it is this many times as large as at the run's beginning. */
const exploded = 10;

/**
 * Returns where the axis ends if a value has exploded, so that the other lines can still be read: the exploded one leaves
 * the chart. Returns undefined where everything is to be seen.
 * @param beginning the loss from which the runs began
 */
export function axisTop(
  lines: readonly { readonly data: readonly XY[] }[],
  beginning: number,
): number | undefined {
  const isExploded = ({ y }: XY) => y > exploded * beginning;
  return beginning > 0 && lines.some(({ data }) => data.some(isExploded)) ? 2 * beginning : undefined;
}
