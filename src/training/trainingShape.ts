import type { TrainingShape } from '../backend/engine.ts';
import type { Batches } from '../data/dataset.ts';
import { gradientOptimizer, type TrainOptions } from '../language/options/options.ts';

/** Returns the shape of a run's windows. */
export const trainingShape = (
  { batch, steps, positions }: Batches,
  { optimizer, seed }: Pick<TrainOptions, 'optimizer' | 'seed'>,
  dropout: number,
): TrainingShape => ({
  batch,
  steps,
  ...(positions === undefined ? {} : { positions }),
  optimizer: gradientOptimizer(optimizer),
  dropout,
  seed,
});
