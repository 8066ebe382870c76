import type { Optimizer } from '../language/options/options.ts';

/** The number of moments that an optimiser keeps for each parameter. */
export const momentCount: Readonly<Record<Optimizer['kind'], number>> = {
  sgd: 0,
  momentum: 1,
  nesterov: 1,
  rmsprop: 1,
  adam: 2,
  adamw: 2,
  /** The direction of the last update. */
  'hessian-free': 1,
  ridge: 0,
};
