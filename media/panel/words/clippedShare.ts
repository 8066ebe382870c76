// Says how often gradients are clipped.
import type { RunPoints } from '../../../src/protocol/run.ts';

/** The number of latest steps over which the share of clipped steps is computed. */
export const recentSteps = 200;

/**
 * Returns the share of the latest steps that were clipped, in [0, 1]; null where nothing is clipped or there
 * are too few steps to tell.
 */
export function clippedShare({ steps }: RunPoints): number | null {
  const recent = steps.slice(-recentSteps);
  if (recent.length < recentSteps / 4 || recent.at(-1)!.clip === null) return null;
  return (
    recent.filter(({ gradientNorm, clip }) => clip !== null && gradientNorm > clip).length / recent.length
  );
}
