// The learning rate over a run: warm-up, then decay.
import type { TrainOptions } from '../language/options.ts';

/**
 * The learning rate of an update.
 * @param update counted from 0
 * @param fraction 0 … 1, how much of the budget is spent
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
