// Preconditioned conjugate gradients (Hestenes & Stiefel 1952), ended as soon as further iterations gain little.

/** The share of its value by which the quadratic has to fall in an iteration (Martens 2010, section 4.4). */
const leastProgress = 5e-4;

/** The iterates that are kept are about this factor apart (Martens 2010, section 4.6). */
const spacing = 1.3;

/** The equations A x = b, and how they are solved. */
export interface LinearSystem {
  /** Returns A v, where A is symmetric and positive definite. */
  readonly product: (vector: Float64Array) => Float64Array;
  /** The right-hand side. */
  readonly b: Float64Array;
  /** The diagonal of the preconditioner. */
  readonly diagonal: Float64Array;
  /** The vector with which the iterations begin. */
  readonly start: Float64Array;
  readonly mostIterations: number;
}

/**
 * Minimises xᵀ A x / 2 - bᵀ x.
 * @returns some of the iterates, the last one at the end
 */
export function conjugateGradients({
  product,
  b,
  diagonal,
  start,
  mostIterations,
}: LinearSystem): Float64Array[] {
  const x = Float64Array.from(start);
  const first = product(x);
  const r = b.map((value, i) => value - first[i]);
  const y = r.map((value, i) => value / diagonal[i]);
  const direction = Float64Array.from(y);
  let along = dot(r, y);
  const values = [quadratic(x, r, b)];
  const kept: Float64Array[] = [];
  let next = 1;
  for (let iteration = 1; iteration <= mostIterations && along > 0; iteration++) {
    const image = product(direction);
    const curvature = dot(direction, image);
    // Rounding may leave a direction without curvature.
    if (!(curvature > 0)) break;
    const step = along / curvature;
    for (let i = 0; i < x.length; i++) {
      x[i] += step * direction[i];
      r[i] -= step * image[i];
      y[i] = r[i] / diagonal[i];
    }
    const before = along;
    along = dot(r, y);
    for (let i = 0; i < x.length; i++) direction[i] = y[i] + (along / before) * direction[i];
    if (iteration >= next) {
      kept.push(Float64Array.from(x));
      next = Math.max(iteration + 1, Math.ceil(next * spacing));
    }
    values.push(quadratic(x, r, b));
    const back = Math.max(10, Math.ceil(iteration / 10));
    const value = values[iteration];
    if (iteration > back && value < 0 && (value - values[iteration - back]) / value < back * leastProgress)
      break;
  }
  return [...kept, x];
}

/** Returns xᵀ A x / 2 - bᵀ x, of r = b - A x. */
function quadratic(x: Float64Array, r: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * (r[i] + b[i]);
  return -sum / 2;
}

/** Returns the inner product of two vectors of the same length. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
