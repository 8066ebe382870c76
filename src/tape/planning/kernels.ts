// The kernels that a tape calls. The WebAssembly modules export them under these names, and scalar/scalarKernels.ts
// defines what each computes.
//
// Places are indices of words in one memory, strides are the words from a row to the next (0 repeats one
// row), and a block is [rows × width]. Tokens and seeds are whole numbers, one in each word. An operand may
// be `out` itself, but must not overlap it otherwise, except where a kernel says so.

import type { WithOperands } from '../../operations/elementwise.ts';

type Unary = (
  out: number,
  outStride: number,
  a: number,
  aStride: number,
  rows: number,
  width: number,
) => void;

type Binary = (
  out: number,
  outStride: number,
  a: number,
  aStride: number,
  b: number,
  bStride: number,
  rows: number,
  width: number,
) => void;

type Ternary = (
  out: number,
  outStride: number,
  a: number,
  aStride: number,
  b: number,
  bStride: number,
  c: number,
  cStride: number,
  rows: number,
  width: number,
) => void;

/** Each element-wise operation has a kernel of its name. */
export type ElementwiseKernels = Readonly<
  Record<WithOperands<1>, Unary> & Record<WithOperands<2>, Binary> & Record<WithOperands<3>, Ternary>
>;

/** The kernels on one memory. */
export interface Kernels extends ElementwiseKernels {
  readonly softmax: Unary;
  /** Layer normalisation: scales each row to mean 0 and variance 1 (Ba et al. 2016). */
  readonly layerNorm: Unary;
  /** Repeats each row's one number `width` times. */
  readonly broadcast: Unary;
  /** Sums each row; `out` has one number a row. */
  readonly rowSum: Unary;
  /** b·(a - a·bᵀ): the derivative of b = softmax(x), times a. */
  readonly softmaxGradient: Binary;
  /** The derivative of b = layerNorm(c), times a. */
  readonly layerNormGradient: Ternary;

  fill(out: number, outStride: number, value: number, rows: number, width: number): void;
  /** out[width] += all rows of a. */
  columnSum(out: number, a: number, aStride: number, rows: number, width: number): void;

  /** Packs a row-major [K × N] matrix for `matmul`, into K·(N rounded up to 16) words. */
  packRows(out: number, from: number, stride: number, k: number, n: number): void;
  /** Packs the transpose of a row-major [N × K] matrix in the same way. */
  packColumns(out: number, from: number, stride: number, k: number, n: number): void;
  /**
   * out[M × N] = onto + a[M × K]·b[K × N], with b packed. `onto` may be `out`; below 0 it stands for zero.
   */
  matmul(
    out: number,
    outStride: number,
    a: number,
    aStride: number,
    b: number,
    onto: number,
    ontoStride: number,
    m: number,
    k: number,
    n: number,
  ): void;
  /** out[M × N] += a[K × M]ᵀ·b[K × N]. `scratch` has weightGradientScratch(N) words. */
  weightGradient(
    out: number,
    outStride: number,
    a: number,
    aStride: number,
    b: number,
    bStride: number,
    scratch: number,
    m: number,
    k: number,
    n: number,
  ): void;

  /** out = onto + table[token], where a token below 0 adds nothing. `onto` below 0 stands for zero. */
  gather(
    out: number,
    outStride: number,
    table: number,
    tokens: number,
    onto: number,
    ontoStride: number,
    rows: number,
    width: number,
  ): void;
  /** table[token] += dy. */
  scatterAdd(table: number, dy: number, dyStride: number, tokens: number, rows: number, width: number): void;
  // The values of the following kernels have rows for each stream at each position, [positions × rows]. A position whose token is below 0 is
  // padding: it counts for nothing, and what is written for it is 0.

  /** out[s, row] = onto[s, row] + a[row]. `onto` below 0 stands for zero. */
  repeat(
    out: number,
    outStride: number,
    a: number,
    aStride: number,
    onto: number,
    ontoStride: number,
    positions: number,
    rows: number,
    width: number,
  ): void;
  /** out[s, row] = softmax over s of a[s, row], unit by unit. */
  positionSoftmax(
    out: number,
    outStride: number,
    a: number,
    aStride: number,
    tokens: number,
    positions: number,
    rows: number,
    width: number,
  ): void;
  /** The derivative of b = positionSoftmax(x), times a. */
  positionSoftmaxGradient(
    out: number,
    outStride: number,
    a: number,
    aStride: number,
    b: number,
    bStride: number,
    tokens: number,
    positions: number,
    rows: number,
    width: number,
  ): void;
  /** out[row] = Σ over s of a[s, row]·b[s, row], where a has one unit. */
  positionSum(
    out: number,
    outStride: number,
    a: number,
    aStride: number,
    b: number,
    bStride: number,
    tokens: number,
    positions: number,
    rows: number,
    width: number,
  ): void;
  /** out[s, row], one unit, is the dot product of a[row] and b[s, row]. */
  positionDot(
    out: number,
    outStride: number,
    a: number,
    aStride: number,
    b: number,
    bStride: number,
    tokens: number,
    positions: number,
    rows: number,
    width: number,
  ): void;
  /** out[s, row] = a[s, row]·b[row], where a has one unit; with `adds` it is added to what is there. */
  positionOuter(
    out: number,
    outStride: number,
    a: number,
    aStride: number,
    b: number,
    bStride: number,
    tokens: number,
    positions: number,
    rows: number,
    width: number,
    adds: number,
  ): void;

  /** out[row] = a[indices[row]]. */
  gatherRows(
    out: number,
    outStride: number,
    a: number,
    aStride: number,
    indices: number,
    rows: number,
    width: number,
  ): void;
  /** out[indices[row]] = a[row]. */
  scatterRows(
    out: number,
    outStride: number,
    a: number,
    aStride: number,
    indices: number,
    rows: number,
    width: number,
  ): void;
  oneHot(out: number, outStride: number, tokens: number, rows: number, width: number): void;
  /** Fills a row with 1 where its token is at least 0, and with 0 where the row is padded. */
  paddingMask(out: number, outStride: number, tokens: number, rows: number, width: number): void;
  /**
   * Multiplies a by 0 with probability p = rate[0], otherwise by 1 / (1 - p). Rows are steps of `batch`;
   * element i of step t is decided by the number `first + i + t·perStep` of random(seed[0]).
   */
  dropout(
    out: number,
    outStride: number,
    a: number,
    aStride: number,
    seed: number,
    rate: number,
    first: number,
    perStep: number,
    batch: number,
    rows: number,
    width: number,
  ): void;

  /** losses[row] = -log softmax(a)[target] in nats, or 0 where the target is below 0. */
  crossEntropy(
    losses: number,
    a: number,
    aStride: number,
    targets: number,
    rows: number,
    width: number,
  ): void;
  /** The derivative of `crossEntropy` with respect to a, times scale[0]. */
  crossEntropyGradient(
    out: number,
    outStride: number,
    a: number,
    aStride: number,
    targets: number,
    scale: number,
    rows: number,
    width: number,
  ): void;

  /**
   * losses[row] = -log p(y) in nats, where y is the row `targets[row]` of the table, [width], and p is a Gaussian for
   * each of its numbers: a has their means, and then the logarithms of their standard deviations, [2 × width]. The
   * loss is 0 where the target is below 0.
   */
  gaussian(
    losses: number,
    a: number,
    aStride: number,
    targets: number,
    table: number,
    rows: number,
    width: number,
  ): void;
  /** The derivative of `gaussian` with respect to a, times scale[0]. */
  gaussianGradient(
    out: number,
    outStride: number,
    a: number,
    aStride: number,
    targets: number,
    table: number,
    scale: number,
    rows: number,
    width: number,
  ): void;

  /** Fills a row with scale[0] where its target is at least 0, and with 0 where it has none. */
  targetWeight(
    out: number,
    outStride: number,
    targets: number,
    scale: number,
    rows: number,
    width: number,
  ): void;

  sum(a: number, n: number): number;
  sumOfSquares(a: number, n: number): number;
  /** Adds to g the derivative of l1·|p| + l2/2·p². */
  penalise(g: number, p: number, n: number, l1: number, l2: number): void;
  sgd(p: number, g: number, n: number, rate: number, scale: number): void;
  momentum(
    p: number,
    g: number,
    v: number,
    n: number,
    rate: number,
    scale: number,
    mu: number,
    nesterov: boolean,
  ): void;
  rmsprop(
    p: number,
    g: number,
    v: number,
    n: number,
    rate: number,
    scale: number,
    rho: number,
    epsilon: number,
  ): void;
  adam(
    p: number,
    g: number,
    m: number,
    v: number,
    n: number,
    rate: number,
    scale: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    correction1: number,
    correction2: number,
    keep: number,
  ): void;
}

/** The kernels that a tape calls, as opposed to those that are called between two runs of it. */
export type TapeKernel = Exclude<
  keyof Kernels,
  'sum' | 'sumOfSquares' | 'penalise' | 'sgd' | 'momentum' | 'rmsprop' | 'adam'
>;

/** The number of words at the beginning of the memory that are reserved for the kernels. */
export const reservedWords = 8192;

/** The largest width of a panel; the columns of a packed matrix are padded to whole panels. */
export const panelWidth = 16;
/** Returns the words of a matrix of k rows and n columns that is packed for a product. */
export const packedSize = (k: number, n: number): number => k * Math.ceil(n / panelWidth) * panelWidth;
/** `weightGradient` packs 256 rows of b at a time, and 16 columns of a. */
export const weightGradientScratch = (n: number): number => packedSize(256, n) + 256 * 16;
