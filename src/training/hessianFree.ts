// Hessian-free optimisation (Martens 2010; Martens & Sutskever 2011): each update minimises a quadratic model of the loss
// by conjugate gradients, for which products of the Gauss-Newton matrix with vectors are enough.
import type { HessianFreeOptimizer } from '../language/options/options.ts';
import type { GaussNewton, GaussNewtonBatch } from '../tape/gaussNewton.ts';
import { conjugateGradients, dot } from './conjugateGradients.ts';

/** The share of the last direction with which the iterations begin. */
const keptDirection = 0.95;

/** The exponent of the preconditioner (Martens 2010, section 4.7), and the number of rows that its diagonal is of. */
const preconditionerPower = 0.75;
const preconditionerRows = 64;

/** The reduction ratios below and above which the damping changes, and its factors (Levenberg-Marquardt). */
const poor = 0.25;
const good = 0.75;
const moreDamping = 3 / 2;
const lessDamping = 2 / 3;

/** The line search along the direction: the share that is left at each try, the tries, and the least gain (Armijo). */
const shorter = 0.8;
const mostTries = 60;
const leastGain = 1e-2;

/** The weights of the penalties: l1 · Σ|w| and l2 / 2 · Σw² are added to the loss. */
export interface Penalties {
  readonly l1: number;
  readonly l2: number;
}

/** The measurements of one update, at the parameters before it. */
export interface HessianFreeStep {
  /** The mean loss in nats before the update, without penalties. */
  readonly loss: number;
  /** The norm of the gradient, penalties included. */
  readonly gradientNorm: number;
}

/** Minimises the loss of a network, one batch an update. Vectors have a number for each trained parameter. */
export class HessianFree {
  readonly #matrix: GaussNewton;
  readonly #options: HessianFreeOptimizer;
  readonly #penalties: Penalties;
  /** λ, the weight of the squared length of a direction in the model. */
  damping: number;
  /** The direction of the last update. */
  direction: Float64Array;

  /** @param matrix is at the weights that are trained, and stays there */
  constructor(matrix: GaussNewton, options: HessianFreeOptimizer, penalties: Penalties) {
    this.#matrix = matrix;
    this.#options = options;
    this.#penalties = penalties;
    this.damping = options.damping;
    this.direction = new Float64Array(matrix.count);
  }

  /** Makes one update on a batch, unless the loss or the gradient is no number. */
  step(batch: GaussNewtonBatch): HessianFreeStep {
    const matrix = this.#matrix;
    const { structuralDamping, iterations } = this.#options;
    const { l1, l2 } = this.#penalties;
    matrix.begin(batch);
    const here = matrix.parameters;
    const loss = matrix.loss();
    const gradient = matrix.gradient();
    for (let i = 0; i < gradient.length; i++) gradient[i] += l1 * Math.sign(here[i]) + l2 * here[i];
    const gradientNorm = Math.sqrt(dot(gradient, gradient));
    if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) return { loss, gradientNorm };

    const damping = this.damping;
    const product = (vector: Float64Array, by: number, structural: number) => {
      const image = matrix.product(vector, structural);
      for (let i = 0; i < image.length; i++) image[i] += (by + l2) * vector[i];
      return image;
    };
    const diagonal = matrix
      .squaredGradients(preconditionerRows)
      .map((square) => (square + damping + l2) ** preconditionerPower);
    const iterates = conjugateGradients({
      product: (vector) => product(vector, damping, structuralDamping * damping),
      b: gradient.map((value) => -value),
      diagonal,
      start: this.direction.map((value) => keptDirection * value),
      mostIterations: iterations,
    });

    const before = loss + this.#penalty(here);
    const lossAlong = (direction: Float64Array, length: number) => {
      const there = here.map((value, i) => value + length * direction[i]);
      matrix.parameters = there;
      return matrix.loss() + this.#penalty(there);
    };
    const { direction, after } = backtrack(iterates, (iterate) => lossAlong(iterate, 1));
    this.direction = direction;

    const slope = dot(gradient, direction);
    const predicted =
      slope +
      dot(
        direction,
        this.#at(here, () => product(direction, 0, 0)),
      ) /
        2;
    this.#adjustDamping((after - before) / predicted);
    const length = searchLine((tried) => lossAlong(direction, tried), { before, after, slope });
    matrix.parameters = here.map((value, i) => value + length * direction[i]);
    return { loss, gradientNorm };
  }

  /** Follows the reduction ratio: the loss's fall, by the fall that the model has predicted (Levenberg-Marquardt). */
  #adjustDamping(ratio: number): void {
    if (!(ratio >= poor)) this.damping *= moreDamping;
    else if (ratio > good) this.damping *= lessDamping;
  }

  /** Computes something at given parameters. */
  #at<T>(parameters: Float64Array, compute: () => T): T {
    this.#matrix.parameters = parameters;
    return compute();
  }

  #penalty(parameters: Float64Array): number {
    const { l1, l2 } = this.#penalties;
    if (l1 === 0 && l2 === 0) return 0;
    return parameters.reduce((sum, value) => sum + l1 * Math.abs(value) + (l2 / 2) * value ** 2, 0);
  }
}

/**
 * Takes the last iterate, or an earlier one where its loss is lower: far away the model may be wrong (Martens 2010).
 * @param iterates some iterates of conjugate gradients, in order
 * @returns the direction, and the loss at its end
 */
function backtrack(
  iterates: Float64Array[],
  lossAt: (direction: Float64Array) => number,
): { direction: Float64Array; after: number } {
  let direction = iterates.pop()!;
  let after = lossAt(direction);
  for (let earlier = iterates.pop(); earlier; earlier = iterates.pop()) {
    const found = lossAt(earlier);
    if (found > after) break;
    direction = earlier;
    after = found;
  }
  return { direction, after };
}

/**
 * Shortens a direction until the loss falls by a share of what its slope promises (Armijo 1966).
 * @param along.before the loss at length 0. @param along.after the loss at length 1
 * @param along.slope the derivative of the loss with respect to the length, at length 0
 * @returns the length, or 0 where none has been found
 */
function searchLine(
  lossAt: (length: number) => number,
  along: { readonly before: number; readonly after: number; readonly slope: number },
): number {
  let { after } = along;
  let length = 1;
  let tries = 0;
  while (!(after <= along.before + leastGain * length * along.slope) && tries < mostTries) {
    length *= shorter;
    tries++;
    after = lossAt(length);
  }
  return tries < mostTries ? length : 0;
}
