// Matrices of probabilities: each column is the softmax of a column of free numbers. Weights, gradients and
// files have the free numbers; products have the probabilities.
import { columnSoftmax } from '../language/values.ts';
import type { Architecture } from './architecture.ts';
import type { ParameterDescription } from './parameterDescription.ts';
import { parameters, type Weights } from './parameters.ts';

/** Returns the names of the matrices whose columns sum to 1. */
export const stochasticNames = (described: readonly ParameterDescription[]): Set<string> =>
  new Set(described.flatMap(({ name, stochastic }) => (stochastic ? [name] : [])));

/** Returns the weights with the probabilities of stochastic matrices in place of their free numbers. */
export function withProbabilities(architecture: Architecture, weights: Weights): Weights {
  const changed = new Map(weights);
  for (const name of stochasticNames(parameters(architecture))) {
    const { shape, data } = weights.get(name)!;
    changed.set(name, { shape, data: Float32Array.from(columnSoftmax(Float64Array.from(data), shape[0])) });
  }
  return changed;
}
