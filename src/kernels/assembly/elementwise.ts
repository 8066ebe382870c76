// Elementwise operations over [rows × width] blocks. All share three loops, by the number of their operands;
// the operation is a constant that the compiler folds.
import { exponential, hyperbolicTangent, loadPart, logarithm, raised, sigmoidal, storePart } from './lanes';

const ADD = 0;
const SUBTRACT = 1;
const MULTIPLY = 2;
const DIVIDE = 3;
const MIN = 4;
const MAX = 5;
const POWER = 6;
const SIGMOID_GRADIENT = 7;
const TANH_GRADIENT = 8;
const COPY = 9;
const NEGATE = 10;
const SIGMOID = 11;
const TANH = 12;
const RELU = 13;
const EXP = 14;
const LOG = 15;
const SQRT = 16;
const ABS = 17;
const SIGN = 18;
const KEEP_LESS_EQUAL = 19;
const KEEP_GREATER = 20;
const MULTIPLY_ADD = 21;

// @ts-ignore: decorator
@inline
function apply(operation: i32, a: v128, b: v128, c: v128): v128 {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  switch (operation) {
    case ADD:
      return f32x4.add(a, b);
    case SUBTRACT:
      return f32x4.sub(a, b);
    case MULTIPLY:
      return f32x4.mul(a, b);
    case DIVIDE:
      return f32x4.div(a, b);
    case MIN:
      return f32x4.min(a, b);
    case MAX:
      return f32x4.max(a, b);
    case POWER:
      return raised(a, b);
    case SIGMOID_GRADIENT:
      return f32x4.mul(f32x4.mul(a, b), f32x4.sub(one, b));
    case TANH_GRADIENT:
      return f32x4.mul(a, f32x4.sub(one, f32x4.mul(b, b)));
    case COPY:
      return a;
    case NEGATE:
      return f32x4.neg(a);
    case SIGMOID:
      return sigmoidal(a);
    case TANH:
      return hyperbolicTangent(a);
    case RELU:
      return f32x4.max(a, zero);
    case EXP:
      return exponential(a);
    case LOG:
      return logarithm(a);
    case SQRT:
      return f32x4.sqrt(a);
    case ABS:
      return f32x4.abs(a);
    case SIGN:
      return f32x4.sub(v128.and(f32x4.gt(a, zero), one), v128.and(f32x4.lt(a, zero), one));
    case KEEP_LESS_EQUAL:
      return v128.and(a, f32x4.le(b, c));
    case KEEP_GREATER:
      return v128.and(a, f32x4.gt(b, c));
    case MULTIPLY_ADD:
      return f32x4.add(f32x4.mul(a, b), c);
    default:
      return unreachable();
  }
}

/** Works on two vectors at a time and then on the rest; a block without gaps is treated as one long row. */
// @ts-ignore: decorator
@inline
function elementwise(
  operation: i32,
  operands: i32,
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  bStride: usize,
  c: usize,
  cStride: usize,
  rows: usize,
  width: usize,
): void {
  if (
    outStride == width &&
    aStride == width &&
    (operands < 2 || bStride == width) &&
    (operands < 3 || cStride == width)
  ) {
    width *= rows;
    rows = 1;
  }
  const none = f32x4.splat(0);
  const bytes = width << 2;
  const pairs = bytes & ~31;
  out <<= 2;
  a <<= 2;
  b <<= 2;
  c <<= 2;
  for (let row: usize = 0; row < rows; row++) {
    let i: usize = 0;
    for (; i < pairs; i += 32) {
      const a0 = v128.load(a + i);
      const a1 = v128.load(a + i, 16);
      const b0 = operands > 1 ? v128.load(b + i) : none;
      const b1 = operands > 1 ? v128.load(b + i, 16) : none;
      const c0 = operands > 2 ? v128.load(c + i) : none;
      const c1 = operands > 2 ? v128.load(c + i, 16) : none;
      const y0 = apply(operation, a0, b0, c0);
      const y1 = apply(operation, a1, b1, c1);
      v128.store(out + i, y0);
      v128.store(out + i, y1, 16);
    }
    for (; i < bytes; i += 16) {
      const left = (bytes - i) >> 2;
      const b0 = operands > 1 ? loadPart(b + i, left) : none;
      const c0 = operands > 2 ? loadPart(c + i, left) : none;
      storePart(out + i, apply(operation, loadPart(a + i, left), b0, c0), left);
    }
    out += outStride << 2;
    a += aStride << 2;
    b += bStride << 2;
    c += cStride << 2;
  }
}

export function copy(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  rows: usize,
  width: usize,
): void {
  elementwise(COPY, 1, out, outStride, a, aStride, 0, 0, 0, 0, rows, width);
}

export function negate(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  rows: usize,
  width: usize,
): void {
  elementwise(NEGATE, 1, out, outStride, a, aStride, 0, 0, 0, 0, rows, width);
}

export function sigmoid(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  rows: usize,
  width: usize,
): void {
  elementwise(SIGMOID, 1, out, outStride, a, aStride, 0, 0, 0, 0, rows, width);
}

export function tanh(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  rows: usize,
  width: usize,
): void {
  elementwise(TANH, 1, out, outStride, a, aStride, 0, 0, 0, 0, rows, width);
}

export function relu(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  rows: usize,
  width: usize,
): void {
  elementwise(RELU, 1, out, outStride, a, aStride, 0, 0, 0, 0, rows, width);
}

export function exp(out: usize, outStride: usize, a: usize, aStride: usize, rows: usize, width: usize): void {
  elementwise(EXP, 1, out, outStride, a, aStride, 0, 0, 0, 0, rows, width);
}

export function log(out: usize, outStride: usize, a: usize, aStride: usize, rows: usize, width: usize): void {
  elementwise(LOG, 1, out, outStride, a, aStride, 0, 0, 0, 0, rows, width);
}

export function sqrt(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  rows: usize,
  width: usize,
): void {
  elementwise(SQRT, 1, out, outStride, a, aStride, 0, 0, 0, 0, rows, width);
}

export function abs(out: usize, outStride: usize, a: usize, aStride: usize, rows: usize, width: usize): void {
  elementwise(ABS, 1, out, outStride, a, aStride, 0, 0, 0, 0, rows, width);
}

export function sign(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  rows: usize,
  width: usize,
): void {
  elementwise(SIGN, 1, out, outStride, a, aStride, 0, 0, 0, 0, rows, width);
}

export function add(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  bStride: usize,
  rows: usize,
  width: usize,
): void {
  elementwise(ADD, 2, out, outStride, a, aStride, b, bStride, 0, 0, rows, width);
}

export function subtract(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  bStride: usize,
  rows: usize,
  width: usize,
): void {
  elementwise(SUBTRACT, 2, out, outStride, a, aStride, b, bStride, 0, 0, rows, width);
}

export function multiply(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  bStride: usize,
  rows: usize,
  width: usize,
): void {
  elementwise(MULTIPLY, 2, out, outStride, a, aStride, b, bStride, 0, 0, rows, width);
}

export function divide(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  bStride: usize,
  rows: usize,
  width: usize,
): void {
  elementwise(DIVIDE, 2, out, outStride, a, aStride, b, bStride, 0, 0, rows, width);
}

export function min(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  bStride: usize,
  rows: usize,
  width: usize,
): void {
  elementwise(MIN, 2, out, outStride, a, aStride, b, bStride, 0, 0, rows, width);
}

export function max(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  bStride: usize,
  rows: usize,
  width: usize,
): void {
  elementwise(MAX, 2, out, outStride, a, aStride, b, bStride, 0, 0, rows, width);
}

export function power(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  bStride: usize,
  rows: usize,
  width: usize,
): void {
  elementwise(POWER, 2, out, outStride, a, aStride, b, bStride, 0, 0, rows, width);
}

export function sigmoidGradient(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  bStride: usize,
  rows: usize,
  width: usize,
): void {
  elementwise(SIGMOID_GRADIENT, 2, out, outStride, a, aStride, b, bStride, 0, 0, rows, width);
}

export function tanhGradient(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  bStride: usize,
  rows: usize,
  width: usize,
): void {
  elementwise(TANH_GRADIENT, 2, out, outStride, a, aStride, b, bStride, 0, 0, rows, width);
}

export function keepLessEqual(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  bStride: usize,
  c: usize,
  cStride: usize,
  rows: usize,
  width: usize,
): void {
  elementwise(KEEP_LESS_EQUAL, 3, out, outStride, a, aStride, b, bStride, c, cStride, rows, width);
}

export function keepGreater(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  bStride: usize,
  c: usize,
  cStride: usize,
  rows: usize,
  width: usize,
): void {
  elementwise(KEEP_GREATER, 3, out, outStride, a, aStride, b, bStride, c, cStride, rows, width);
}

export function multiplyAdd(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  bStride: usize,
  c: usize,
  cStride: usize,
  rows: usize,
  width: usize,
): void {
  elementwise(MULTIPLY_ADD, 3, out, outStride, a, aStride, b, bStride, c, cStride, rows, width);
}
