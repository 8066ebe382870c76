// Places the measurements of the gradient by lag in the strip: each has a bar at its step, with nothing
// between.

/**
 * The greatest width of a bar in pixels. Few measurements can still be seen when they are as wide as a mark;
 * wider bars would make them seem many.
 */
const widest = 8;

/** The least distance between two bars in pixels, since closer ones cannot be told apart. */
const closest = 2;

export interface Bar {
  /** The index of the measurement. */
  readonly index: number;
  /** The left edge in pixels, as is the width. */
  readonly left: number;
  readonly width: number;
}

/**
 * Returns the bars that are drawn.
 * @param centres in pixels, ascending
 */
export function barsAt(centres: readonly number[]): Bar[] {
  const shown: number[] = [];
  for (const [index, centre] of centres.entries())
    if (shown.length === 0 || centre - centres[shown.at(-1)!] >= closest) shown.push(index);
  return shown.map((index, position) => {
    const gaps = [shown[position - 1], shown[position + 1]]
      .filter((neighbour) => neighbour !== undefined)
      .map((neighbour) => Math.abs(centres[neighbour] - centres[index]));
    const width = Math.min(widest, ...gaps);
    return { index, left: centres[index] - width / 2, width };
  });
}
