// The spectral radii of the matrices of a network that multiply vectors of earlier steps.
import type { CheckedCell, Expression } from '../../language/cell.ts';
import { type Architecture, cellsOf } from '../architecture.ts';
import type { Weights } from '../parameters.ts';
import { quick, spectralRadius } from '../spectralRadius.ts';
import { withProbabilities } from '../stochastic.ts';

/** Returns the spectral radius of each square recurrent matrix, by its name in the network, such as `layers.0.U`. */
export function recurrentRadii(architecture: Architecture, weights: Weights): Map<string, number> {
  const multiplied = withProbabilities(architecture, weights);
  const names = architecture.layers.flatMap((_, index) =>
    cellsOf(architecture, index).flatMap(({ cell, prefix }) =>
      recurrentMatrices(cell).map((name) => prefix + name),
    ),
  );
  return new Map(
    names.flatMap((name) => {
      const { shape, data } = multiplied.get(name)!;
      return shape[0] === shape[1] ? [[name, spectralRadius(data, shape[0], quick)] as const] : [];
    }),
  );
}

/** Returns the names of the matrices that multiply a vector of an earlier step. */
function recurrentMatrices({ equations }: CheckedCell): string[] {
  const found = new Set<string>();
  const isEarlier = (expression: Expression): boolean => {
    switch (expression.kind) {
      case 'vector':
        return expression.lag > 0;
      case 'product': {
        const earlier = isEarlier(expression.operand);
        if (earlier) found.add(expression.matrix);
        return earlier;
      }
      case 'unary':
      case 'over':
        return isEarlier(expression.operand);
      case 'binary':
        return [expression.left, expression.right].map(isEarlier).includes(true);
      case 'positioned':
      case 'given':
      case 'parameter':
      case 'number':
        return false;
    }
  };
  for (const { value } of equations) isEarlier(value);
  return [...found];
}
