// The learning rate over a run: warm-up, then decay.
import type { TrainOptions } from '../language/options/options.ts';

/**
 * Returns the learning rate of an update.
 * @param update the number of the update, counted from 0
 * @param fraction the share of the budget that is spent, in [0, 1]
 */
export function learningRate(options: TrainOptions, update: number, fraction: number): number {
  const warmth = options.warmup > 0 ? Math.min(1, (update + 1) / options.warmup) : 1;
  return options.learningRate * warmth * decays[options.decay](Math.min(1, fraction));
}

const decays: Record<TrainOptions['decay'], (fraction: number) => number> = {
  none: () => 1,
  linear: (fraction) => 1 - fraction,
  cosine: (fraction) => 0.5 * (1 + Math.cos(Math.PI * fraction)),
};
