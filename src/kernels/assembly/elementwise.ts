// The element-wise operations on four numbers at a time, a function each. The build makes a kernel of each, which
// applies it to [rows × width] blocks (../elementwiseKernels.mjs).
import { cosine, exponential, hyperbolicTangent, logarithm, raised, sigmoidal, sine } from './lanes';

// @ts-ignore: decorator
@inline
export function copy(a: v128): v128 {
  return a;
}

// @ts-ignore: decorator
@inline
export function negate(a: v128): v128 {
  return f32x4.neg(a);
}

// @ts-ignore: decorator
@inline
export function sigmoid(a: v128): v128 {
  return sigmoidal(a);
}

// @ts-ignore: decorator
@inline
export function tanh(a: v128): v128 {
  return hyperbolicTangent(a);
}

// @ts-ignore: decorator
@inline
export function sin(a: v128): v128 {
  return sine(a);
}

// @ts-ignore: decorator
@inline
export function cos(a: v128): v128 {
  return cosine(a);
}

// @ts-ignore: decorator
@inline
export function relu(a: v128): v128 {
  return f32x4.max(a, f32x4.splat(0));
}

// @ts-ignore: decorator
@inline
export function exp(a: v128): v128 {
  return exponential(a);
}

// @ts-ignore: decorator
@inline
export function log(a: v128): v128 {
  return logarithm(a);
}

// @ts-ignore: decorator
@inline
export function sqrt(a: v128): v128 {
  return f32x4.sqrt(a);
}

// @ts-ignore: decorator
@inline
export function abs(a: v128): v128 {
  return f32x4.abs(a);
}

// @ts-ignore: decorator
@inline
export function sign(a: v128): v128 {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  return f32x4.sub(v128.and(f32x4.gt(a, zero), one), v128.and(f32x4.lt(a, zero), one));
}

// @ts-ignore: decorator
@inline
export function add(a: v128, b: v128): v128 {
  return f32x4.add(a, b);
}

// @ts-ignore: decorator
@inline
export function subtract(a: v128, b: v128): v128 {
  return f32x4.sub(a, b);
}

// @ts-ignore: decorator
@inline
export function multiply(a: v128, b: v128): v128 {
  return f32x4.mul(a, b);
}

// @ts-ignore: decorator
@inline
export function divide(a: v128, b: v128): v128 {
  return f32x4.div(a, b);
}

// @ts-ignore: decorator
@inline
export function min(a: v128, b: v128): v128 {
  return f32x4.min(a, b);
}

// @ts-ignore: decorator
@inline
export function max(a: v128, b: v128): v128 {
  return f32x4.max(a, b);
}

// @ts-ignore: decorator
@inline
export function power(a: v128, b: v128): v128 {
  return raised(a, b);
}

// @ts-ignore: decorator
@inline
export function sigmoidGradient(a: v128, b: v128): v128 {
  return f32x4.mul(f32x4.mul(a, b), f32x4.sub(f32x4.splat(1), b));
}

// @ts-ignore: decorator
@inline
export function tanhGradient(a: v128, b: v128): v128 {
  return f32x4.mul(a, f32x4.sub(f32x4.splat(1), f32x4.mul(b, b)));
}

// @ts-ignore: decorator
@inline
export function keepLessEqual(a: v128, b: v128, c: v128): v128 {
  return v128.and(a, f32x4.le(b, c));
}

// @ts-ignore: decorator
@inline
export function keepGreater(a: v128, b: v128, c: v128): v128 {
  return v128.and(a, f32x4.gt(b, c));
}

// @ts-ignore: decorator
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  return f32x4.add(f32x4.mul(a, b), c);
}
