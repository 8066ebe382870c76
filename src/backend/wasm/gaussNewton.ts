// Products of the Gauss-Newton matrix on the kernels, in a memory of their own and on one thread.
import { Problem } from '../../protocol/problem.ts';
import { GaussNewton, type GaussNewtonOptions } from '../../tape/gaussNewton.ts';
import { reservedWords } from '../../tape/planning/kernels.ts';
import type { LookupTables } from '../../tape/planning/lookupTables.ts';
import type { Architecture } from '../engine.ts';
import { createMemory, instantiate, type Machine } from './module.ts';
import { views } from './views.ts';

/**
 * Makes the products of Hessian-free optimisation run on the kernels, in a memory of their own.
 * @param tables the numbers, where numbers are read or predicted
 * @throws Problem for an encoder-decoder
 */
export function gaussNewtonOn(
  machine: Machine,
  architecture: Architecture,
  shape: Omit<GaussNewtonOptions, 'start' | 'memory'>,
  tables: LookupTables | null,
): GaussNewton {
  if (architecture.encoder)
    throw new Problem(
      'Hessian-free optimisation trains no encoder-decoders: take another `train.optimizer`, such as adam.',
    );
  const memory = (words: number) => {
    const made = createMemory(machine.build, words);
    return { ...views(made.buffer), kernels: instantiate(machine.module, made, machine.tile) };
  };
  return new GaussNewton(architecture, { ...shape, start: reservedWords, memory }, tables);
}
