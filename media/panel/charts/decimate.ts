// Reduces long lines to as many points as can be seen. Chart.js's own plugin visits every point of every line
// twice on each redraw; this one visits only those in view, once.
import type { XY } from './series.ts';

/**
 * Returns the points from `min` to `max`, with one beyond each end so that lines go on to the edge. Where
 * there are too many, each of `buckets` intervals keeps its first, lowest, highest and last point.
 * @param points in the order of x
 */
export function decimate(points: readonly XY[], min: number, max: number, buckets: number): readonly XY[] {
  const from = Math.max(0, firstAt(points, min) - 1);
  const to = Math.min(points.length, firstAt(points, max) + 2);
  if (to - from <= 4 * buckets) return points.slice(from, to);
  const shown: XY[] = [];
  for (let bucket = 0; bucket < buckets; bucket++) {
    const begin = from + Math.floor((bucket * (to - from)) / buckets);
    const end = from + Math.floor(((bucket + 1) * (to - from)) / buckets) - 1;
    let low = begin;
    let high = begin;
    for (let i = begin + 1; i <= end; i++) {
      if (points[i].y < points[low].y) low = i;
      if (points[i].y > points[high].y) high = i;
    }
    for (const index of new Set([begin, Math.min(low, high), Math.max(low, high), end]))
      shown.push(points[index]);
  }
  return shown;
}

/** Returns the index of the first point whose x is at least `x`. */
export function firstAt(points: readonly XY[], x: number): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle].x < x) low = middle + 1;
    else high = middle;
  }
  return low;
}
