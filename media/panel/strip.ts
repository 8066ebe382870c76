// Where the measurements of the gradient by lag stand in the strip: a bar at the step of each, and nothing between.

/** Pixels: as wide as a mark, so that few measurements can be seen, and no wider, so that they do not seem to be many. */
const widest = 8;

/** Pixels: bars that would be closer cannot be told apart. */
const closest = 2;

export interface Bar {
  /** Which measurement. */
  readonly index: number;
  /** In pixels. */
  readonly left: number;
  readonly width: number;
}

/** @param centres in pixels, ascending */
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
