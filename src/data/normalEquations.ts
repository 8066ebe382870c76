// Linear least squares with a penalty, for many examples in bounded memory: only sums of products are kept.

/** The normal equations of least squares, to which examples are added one by one. */
export class NormalEquations {
  readonly inputs: number;
  readonly outputs: number;
  /** Σ w wᵀ, where w is x with a 1 behind it, [inputs + 1 × inputs + 1]; its lower triangle is kept. */
  readonly #products: Float64Array;
  /** Σ w yᵀ, [inputs + 1 × outputs]. */
  readonly #targets: Float64Array;
  /** Σ y², [outputs]. */
  readonly #squares: Float64Array;
  #count = 0;

  constructor(inputs: number, outputs: number) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.#products = new Float64Array((inputs + 1) ** 2);
    this.#targets = new Float64Array((inputs + 1) * outputs);
    this.#squares = new Float64Array(outputs);
  }

  /** The number of examples so far. */
  get count(): number {
    return this.#count;
  }

  /** Adds an example. @param x [inputs] @param y [outputs] */
  add(x: ArrayLike<number>, y: ArrayLike<number>): void {
    const { inputs, outputs } = this;
    const width = inputs + 1;
    for (let i = 0; i <= inputs; i++) {
      const value = i < inputs ? x[i] : 1;
      if (value === 0) continue;
      const row = i * width;
      // The last column is that of the 1, which is in the lower triangle in the last row alone.
      for (let j = 0; j <= i; j++) this.#products[row + j] += value * (j < inputs ? x[j] : 1);
      for (let k = 0; k < outputs; k++) this.#targets[i * outputs + k] += value * y[k];
    }
    for (let k = 0; k < outputs; k++) this.#squares[k] += y[k] * y[k];
    this.#count++;
  }

  /**
   * Minimises Σ ‖y - W x - b‖² + penalty · ‖W‖² (Hoerl & Kennard 1970; the bias is not penalised).
   * @returns null where the equations have no one solution, which a penalty gives them
   */
  solve(penalty: number): LinearFit | null {
    const { inputs, outputs } = this;
    const width = inputs + 1;
    const factor = this.#products.slice();
    for (let i = 0; i < inputs; i++) factor[i * width + i] += penalty;
    if (!choleskyFactor(factor, width)) return null;
    const weights = new Float64Array(outputs * inputs);
    const bias = new Float64Array(outputs);
    const meanSquares = new Float64Array(outputs);
    for (let k = 0; k < outputs; k++) {
      const column = Float64Array.from({ length: width }, (_, i) => this.#targets[i * outputs + k]);
      const solution = choleskySolve(factor, column.slice());
      weights.set(solution.subarray(0, inputs), k * inputs);
      bias[k] = solution[inputs];
      meanSquares[k] = Math.max(0, this.#residual(solution, column, this.#squares[k])) / this.#count;
    }
    return { weights, bias, meanSquares };
  }

  /** Returns Σ (y - s·w)² = Σ y² - 2 s·Σ w y + sᵀ (Σ w wᵀ) s. */
  #residual(solution: Float64Array, column: Float64Array, squares: number): number {
    const width = this.inputs + 1;
    let sum = squares;
    for (let i = 0; i < width; i++) {
      sum -= 2 * solution[i] * column[i];
      for (let j = 0; j < i; j++) sum += 2 * solution[i] * solution[j] * this.#products[i * width + j];
      sum += solution[i] ** 2 * this.#products[i * width + i];
    }
    return sum;
  }
}

/** A linear map y = W x + b. */
export interface LinearFit {
  /** W, [outputs × inputs]. */
  readonly weights: Float64Array;
  /** b, [outputs]. */
  readonly bias: Float64Array;
  /** The mean squared residual of each output over the examples. */
  readonly meanSquares: Float64Array;
}

/** The least ratio of a pivot to what it was before elimination; a smaller one is rounding. */
const leastPivot = 1e-14;

/**
 * Replaces the lower triangle of a symmetric matrix [n × n] by L, where the matrix is L Lᵀ.
 * @returns whether the matrix is positive definite
 */
export function choleskyFactor(matrix: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j];
      const before = sum;
      for (let k = 0; k < j; k++) sum -= matrix[i * n + k] * matrix[j * n + k];
      if (j < i) matrix[i * n + j] = sum / matrix[j * n + j];
      else if (!(sum > leastPivot * before)) return false;
      else matrix[i * n + i] = Math.sqrt(sum);
    }
  }
  return true;
}

/** Solves L Lᵀ s = v in place. @param factor L, [n × n] @param v [n] */
export function choleskySolve(factor: Float64Array, v: Float64Array): Float64Array {
  const n = v.length;
  for (let i = 0; i < n; i++) {
    let sum = v[i];
    for (let k = 0; k < i; k++) sum -= factor[i * n + k] * v[k];
    v[i] = sum / factor[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = v[i];
    for (let k = i + 1; k < n; k++) sum -= factor[k * n + i] * v[k];
    v[i] = sum / factor[i * n + i];
  }
  return v;
}
