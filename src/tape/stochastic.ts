// Matrices of probabilities: each column is the softmax of a column of free numbers. Weights, gradients and
// files have the free numbers; products have the probabilities.
import { columnSoftmax } from '../language/values.ts';
import type { Architecture } from './architecture.ts';
import { parameters, type Weights } from './parameters.ts';

/** Returns the weights with the probabilities of stochastic matrices in the place of their free numbers. */
export function withProbabilities(architecture: Architecture, weights: Weights): Weights {
  return replaced(architecture, weights, (data, rows) =>
    Float32Array.from(columnSoftmax(Float64Array.from(data), rows)),
  );
}

/** Returns weights that `withProbabilities` would make these of. A probability of 0 becomes a tiny one. */
export function fromProbabilities(architecture: Architecture, weights: Weights): Weights {
  return replaced(architecture, weights, (data) => data.map((value) => Math.log(Math.max(value, 1e-30))));
}

function replaced(
  architecture: Architecture,
  weights: Weights,
  change: (data: Float32Array, rows: number) => Float32Array,
): Weights {
  const stochastic = parameters(architecture).filter((parameter) => parameter.stochastic);
  const changed = new Map(weights);
  for (const { name, shape } of stochastic) {
    const weight = weights.get(name);
    if (weight) changed.set(name, { ...weight, data: change(weight.data, shape[0]) });
  }
  return changed;
}
