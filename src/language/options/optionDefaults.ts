// Adds the defaults to options that are set in part, and nests those of the optimiser and the clipping.

import type { ModelValues, Option, TaskValues, TrainValues } from './optionKinds.ts';
import type { ModelOptions, Optimizer, TaskOptions, TrainOptions } from './options.ts';
import { options } from './optionTable.ts';

const defaults = (section: Option['section']) =>
  Object.fromEntries(options.filter((option) => option.section === section).map((o) => [o.name, o.default]));

/**
 * Returns the model's options. The first source that sets an option wins: a file, then the settings, then
 * the defaults.
 */
export const modelWithDefaults = (...sources: readonly Partial<ModelValues>[]): ModelOptions =>
  merge<ModelValues>('model', sources);

/** Returns the training options in the same way. */
export function trainWithDefaults(...sources: readonly Partial<TrainValues>[]): TrainOptions {
  const {
    optimizer,
    momentum,
    momentumSchedule,
    rho,
    beta1,
    beta2,
    epsilon,
    weightDecay,
    penalty,
    damping,
    structuralDamping,
    iterations,
    clipping,
    threshold,
    factor,
    ...rest
  } = merge<TrainValues>('train', sources);
  return {
    ...rest,
    optimizer: toOptimizer(optimizer, {
      momentum,
      momentumSchedule,
      rho,
      beta1,
      beta2,
      epsilon,
      weightDecay,
      penalty,
      damping,
      structuralDamping,
      iterations,
    }),
    clipping:
      clipping === 'norm'
        ? { kind: clipping, threshold }
        : clipping === 'adaptive'
          ? { kind: clipping, factor }
          : { kind: clipping },
  };
}

/** Returns the task's options in the same way. */
export const taskWithDefaults = (...sources: readonly Partial<TaskValues>[]): TaskOptions =>
  merge<TaskValues>('task', sources);

function merge<Values>(section: Option['section'], sources: readonly Partial<Values>[]): Values {
  return Object.assign({}, defaults(section), ...[...sources].reverse()) as Values;
}

type OptimizerNumbers = Pick<
  TrainValues,
  | 'momentum'
  | 'momentumSchedule'
  | 'rho'
  | 'beta1'
  | 'beta2'
  | 'epsilon'
  | 'weightDecay'
  | 'penalty'
  | 'damping'
  | 'structuralDamping'
  | 'iterations'
>;

function toOptimizer(kind: Optimizer['kind'], numbers: OptimizerNumbers): Optimizer {
  const { momentum, momentumSchedule, rho, beta1, beta2, epsilon, weightDecay, penalty } = numbers;
  const { damping, structuralDamping, iterations } = numbers;
  switch (kind) {
    case 'sgd':
      return { kind };
    case 'momentum':
    case 'nesterov':
      return momentumSchedule === 'rising'
        ? { kind, momentum, schedule: momentumSchedule }
        : { kind, momentum };
    case 'rmsprop':
      return { kind, rho, epsilon };
    case 'ridge':
      return { kind, penalty };
    case 'hessian-free':
      return { kind, damping, structuralDamping, iterations };
    case 'adam':
    case 'adamw':
      return { kind, beta1, beta2, epsilon, weightDecay: kind === 'adam' ? 0 : weightDecay };
  }
}
