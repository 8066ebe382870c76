import type { GradientOptimizer } from '../language/options/options.ts';

/** The number of updates over which the share that is not kept stays the same. */
const plateau = 250;

/**
 * Returns the share of the last update that is kept. With the rising schedule it is 1 - 2^(-1 - log₂(⌊t / 250⌋ + 1)) and
 * at most the option (Sutskever, Martens, Dahl & Hinton 2013, equation 5).
 * @param update the number of the update, from 1
 */
export function momentumAt(
  { momentum, schedule }: Extract<GradientOptimizer, { kind: 'momentum' | 'nesterov' }>,
  update: number,
): number {
  if (schedule !== 'rising') return momentum;
  return Math.min(1 - 0.5 / (Math.floor(update / plateau) + 1), momentum);
}
