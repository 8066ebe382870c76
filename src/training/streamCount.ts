import type { TrainOptions } from '../language/options.ts';

/** The least number of windows of each stream, without which there would be no state to carry. */
const windowsPerStream = 4;

/** Returns the number of streams in which a text is read: fewer than were asked for if it is short. */
export function streamCount(
  tokens: number,
  { batch, k1, k2 }: Pick<TrainOptions, 'batch' | 'k1' | 'k2'>,
): number {
  return Math.max(1, Math.min(batch, Math.floor(tokens / (windowsPerStream * Math.max(k1, k2) + 1))));
}
