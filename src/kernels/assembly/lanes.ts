// The arithmetic that all kernels share, on four numbers at a time.

/** Returns a·b + c, rounded once where the build has relaxed SIMD, otherwise twice. */
// @ts-ignore: decorator
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  // @ts-ignore: a constant of the compiler
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** Clamps x and lets NaN through (f32x4.min and max do too, but take eight instructions on x86). */
// @ts-ignore: decorator
@inline
function clamp(x: v128, limits: i32): v128 {
  return f32x4.pmin(f32x4.pmax(x, constant(limits)), constant(limits + 1));
}

/**
 * V8 builds a constant vector in three instructions wherever it is used; loading it from memory takes one.
 * The table is in the first words of the memory, which are reserved for the kernels.
 */
const TABLE = memory.data<f32>([
  1.4426950408889634, // 1 / ln 2
  12582912, // WHOLE: 1.5·2^23. A number that is added to it is rounded to a whole number, in the lowest bits
  -0.693359375, // -ln 2 in two parts; the first has few bits, so n times it is exact (Cody & Waite 1980)
  2.1219444e-4,
  1.9841269841269841e-4, // 1 / 7!
  1.3888888888888889e-3,
  8.3333333333333333e-3,
  4.1666666666666667e-2,
  0.16666666666666667,
  0.5,
  1,
  2,
  -87,
  87,
  -105,
  89,
  0.3183098861837907, // 1 / π
  -3.140625, // -π in three parts; the first two have few bits
  -9.6750259399414062e-4,
  -1.5099579909783765e-7,
  8192,
  1.6059043836821613e-10, // 1 / 13!
  -2.5052108385441718e-8,
  2.7557319223985893e-6,
  -1.9841269841269841e-4,
  8.3333333333333333e-3,
  -0.16666666666666667,
]);
const LOG2E = 0;
const WHOLE = 1;
const LN2_HIGH = 2;
const LN2_LOW = 3;
const SERIES = 4;
const HALF = 9;
const ONE = 10;
const TWO = 11;
const SIGMOID_LIMITS = 12;
const EXPONENTIAL_LIMITS = 14;
const INVERSE_PI = 16;
const PI = 17;
const FAR = 20;
const SINE = 21;
const WHOLE_BITS: i32 = 0x4b400000;

// @ts-ignore: decorator
@inline
function constant(index: i32): v128 {
  return v128.load32_splat(TABLE + index * 4);
}

/** Returns x/ln 2 rounded to a whole number n, plus WHOLE. */
// @ts-ignore: decorator
@inline
function wholeOf(x: v128): v128 {
  return multiplyAdd(x, constant(LOG2E), constant(WHOLE));
}

/** Returns x - n·ln 2, between ±ln(2)/2. */
// @ts-ignore: decorator
@inline
function remainderOf(x: v128, whole: v128): v128 {
  const n = f32x4.sub(whole, constant(WHOLE));
  return multiplyAdd(n, constant(LN2_LOW), multiplyAdd(n, constant(LN2_HIGH), x));
}

/** Returns 2^n for n between -126 and 127, assembled from its bits. */
// @ts-ignore: decorator
@inline
function powerOfTwo(n: v128): v128 {
  return i32x4.add(i32x4.shl(n, 23), constant(ONE));
}

/** Returns e^r - 1 by the Taylor series to r^7, whose remainder is below 6e-9. */
// @ts-ignore: decorator
@inline
function seriesMinusOne(r: v128): v128 {
  let sum = multiplyAdd(constant(SERIES), r, constant(SERIES + 1));
  sum = multiplyAdd(sum, r, constant(SERIES + 2));
  sum = multiplyAdd(sum, r, constant(SERIES + 3));
  sum = multiplyAdd(sum, r, constant(SERIES + 4));
  sum = multiplyAdd(sum, r, constant(HALF));
  return multiplyAdd(f32x4.mul(sum, r), r, r);
}

/** Returns e^x. In 32 bits it is 0 below -104 and infinite above 89; two factors of 2^n cover all between. */
// @ts-ignore: decorator
@inline
export function exponential(x: v128): v128 {
  const bounded = clamp(x, EXPONENTIAL_LIMITS);
  const whole = wholeOf(bounded);
  const n = i32x4.sub(whole, i32x4.splat(WHOLE_BITS));
  const half = i32x4.shr_s(n, 1);
  const value = f32x4.add(seriesMinusOne(remainderOf(bounded, whole)), constant(ONE));
  return f32x4.mul(f32x4.mul(value, powerOfTwo(half)), powerOfTwo(i32x4.sub(n, half)));
}

/** Returns e^x - 1 = 2^n·(e^r - 1) + (2^n - 1) for x between ±87, exact around 0. */
// @ts-ignore: decorator
@inline
function exponentialMinusOne(x: v128): v128 {
  const whole = wholeOf(x);
  const scale = powerOfTwo(i32x4.sub(whole, i32x4.splat(WHOLE_BITS)));
  const r = remainderOf(x, whole);
  return multiplyAdd(scale, seriesMinusOne(r), f32x4.sub(scale, constant(ONE)));
}

/** Returns 1 / (1 + e^-x), down to 1.6e-38. */
// @ts-ignore: decorator
@inline
export function sigmoidal(x: v128): v128 {
  const e = exponentialMinusOne(clamp(f32x4.neg(x), SIGMOID_LIMITS));
  return f32x4.div(constant(ONE), f32x4.add(e, constant(TWO)));
}

/** Returns tanh x = (e^2x - 1) / (e^2x + 1), exact around 0. */
// @ts-ignore: decorator
@inline
export function hyperbolicTangent(x: v128): v128 {
  const e = exponentialMinusOne(clamp(f32x4.add(x, x), SIGMOID_LIMITS));
  return f32x4.div(e, f32x4.add(e, constant(TWO)));
}

/**
 * Returns (-1)^n·sin(x - m·π), by the Taylor series to r^13 of the remainder r, which is between ±π/2. What the
 * series leaves out is below 1e-9.
 * @param n a whole number, plus WHOLE
 * @param m the multiple of π that is subtracted
 */
// @ts-ignore: decorator
@inline
function sineOfRemainder(x: v128, n: v128, m: v128): v128 {
  let r = multiplyAdd(m, constant(PI), x);
  r = multiplyAdd(m, constant(PI + 1), r);
  r = multiplyAdd(m, constant(PI + 2), r);
  const square = f32x4.mul(r, r);
  let sum = multiplyAdd(constant(SINE), square, constant(SINE + 1));
  sum = multiplyAdd(sum, square, constant(SINE + 2));
  sum = multiplyAdd(sum, square, constant(SINE + 3));
  sum = multiplyAdd(sum, square, constant(SINE + 4));
  sum = multiplyAdd(sum, square, constant(SINE + 5));
  const value = multiplyAdd(f32x4.mul(sum, square), r, r);
  return v128.xor(value, i32x4.shl(n, 31));
}

/** Returns whether a number is so large, or none, that its multiple of π is to be subtracted exactly. */
// @ts-ignore: decorator
@inline
function isFar(x: v128): bool {
  return v128.any_true(f32x4.gt(f32x4.abs(x), constant(FAR)));
}

// @ts-ignore: decorator
@inline
export function sine(x: v128): v128 {
  if (isFar(x)) return farSine(x, 0);
  const n = multiplyAdd(x, constant(INVERSE_PI), constant(WHOLE));
  return sineOfRemainder(x, n, f32x4.sub(n, constant(WHOLE)));
}

/** Returns cos x = sin(x + π/2); the multiple of π that is subtracted from x is a half below a whole number. */
// @ts-ignore: decorator
@inline
export function cosine(x: v128): v128 {
  if (isFar(x)) return farSine(x, 1);
  const n = f32x4.add(multiplyAdd(x, constant(INVERSE_PI), constant(HALF)), constant(WHOLE));
  return sineOfRemainder(x, n, f32x4.sub(f32x4.sub(n, constant(WHOLE)), constant(HALF)));
}

/** Returns sin x or, with `shift` 1, cos x, a number at a time with as many digits of π as are needed. */
function farSine(x: v128, shift: i32): v128 {
  let result = x;
  result = f32x4.replace_lane(result, 0, sineOf(f32x4.extract_lane(x, 0), shift));
  result = f32x4.replace_lane(result, 1, sineOf(f32x4.extract_lane(x, 1), shift));
  result = f32x4.replace_lane(result, 2, sineOf(f32x4.extract_lane(x, 2), shift));
  return f32x4.replace_lane(result, 3, sineOf(f32x4.extract_lane(x, 3), shift));
}

function sineOf(x: f32, shift: i32): f32 {
  return shift == 0 ? NativeMathf.sin(x) : NativeMathf.cos(x);
}

/**
 * Returns log x. With x = 2^n·m and m around 1, log m = 2·artanh(s) for s = (m-1)/(m+1), by its series in
 * s² ≤ 0.03 to s^11. Denormals are scaled into the normal range first.
 */
// @ts-ignore: decorator
@inline
export function logarithm(x: v128): v128 {
  const denormal = f32x4.lt(x, f32x4.splat(1.17549435e-38));
  const scaled = v128.bitselect(f32x4.mul(x, f32x4.splat(8388608)), x, denormal);
  // The exponent changes at sqrt(1/2), not at 1, so that m is on both sides of 1.
  const bits = i32x4.sub(scaled, i32x4.splat(0x3f3504f3));
  const exponent = i32x4.shr_s(bits, 23);
  const m = i32x4.sub(scaled, i32x4.shl(exponent, 23));
  let n = f32x4.convert_i32x4_s(exponent);
  n = f32x4.sub(n, v128.and(denormal, f32x4.splat(23)));
  const one = f32x4.splat(1);
  const s = f32x4.div(f32x4.sub(m, one), f32x4.add(m, one));
  const square = f32x4.mul(s, s);
  let sum = f32x4.splat(2.0 / 11.0);
  sum = multiplyAdd(sum, square, f32x4.splat(2.0 / 9.0));
  sum = multiplyAdd(sum, square, f32x4.splat(2.0 / 7.0));
  sum = multiplyAdd(sum, square, f32x4.splat(2.0 / 5.0));
  sum = multiplyAdd(sum, square, f32x4.splat(2.0 / 3.0));
  sum = multiplyAdd(f32x4.mul(sum, square), s, f32x4.add(s, s));
  let value = multiplyAdd(n, f32x4.splat(-2.1219444e-4), sum);
  value = multiplyAdd(n, f32x4.splat(0.693359375), value);
  const zero = f32x4.splat(0);
  value = v128.bitselect(f32x4.splat(-Infinity), value, f32x4.eq(x, zero));
  value = v128.bitselect(x, value, f32x4.eq(x, f32x4.splat(Infinity)));
  // The result is NaN below zero and for NaN itself.
  return v128.bitselect(value, f32x4.splat(NaN), f32x4.ge(x, zero));
}

/** Returns a^b as e^(b·log|a|). For negative a it is negative if b is odd and NaN if b is not whole. */
// @ts-ignore: decorator
@inline
export function raised(a: v128, b: v128): v128 {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const exponent = f32x4.mul(b, logarithm(f32x4.abs(a)));
  const magnitude = exponential(exponent);
  const half = f32x4.mul(b, f32x4.splat(0.5));
  const whole = f32x4.eq(b, f32x4.floor(b));
  const odd = v128.and(whole, f32x4.ne(half, f32x4.floor(half)));
  const negative = f32x4.lt(a, zero);
  const signed = v128.bitselect(f32x4.neg(magnitude), magnitude, v128.and(negative, odd));
  const real = v128.bitselect(f32x4.splat(NaN), signed, v128.andnot(negative, whole));
  return v128.bitselect(one, real, f32x4.eq(b, zero));
}

/** Returns the sum of the four lanes, added in pairs. */
// @ts-ignore: decorator
@inline
export function sumOfLanes(x: v128): f32 {
  return (
    f32x4.extract_lane(x, 0) +
    f32x4.extract_lane(x, 2) +
    (f32x4.extract_lane(x, 1) + f32x4.extract_lane(x, 3))
  );
}

/** Loads the first `width` of four numbers, at least one; the rest are zero. */
export function loadPart(from: usize, width: usize): v128 {
  if (width >= 4) return v128.load(from);
  if (width == 1) return v128.load32_zero(from);
  const two = v128.load64_zero(from);
  return width == 2 ? two : v128.load32_lane(from, two, 2, 8);
}

/** Stores the first `width` of four numbers, at least one. */
export function storePart(to: usize, x: v128, width: usize): void {
  if (width >= 4) v128.store(to, x);
  else if (width == 1) v128.store32_lane(to, x, 0);
  else {
    v128.store64_lane(to, x, 0);
    if (width == 3) v128.store32_lane(to, x, 2, 8);
  }
}

/** Returns the dot product of two rows. */
// @ts-ignore: decorator
@inline
export function dotOfRows(a: usize, b: usize, bytes: usize): f32 {
  const quads = bytes & ~15;
  let sums = f32x4.splat(0);
  let i: usize = 0;
  for (; i < quads; i += 16) sums = multiplyAdd(v128.load(a + i), v128.load(b + i), sums);
  let sum = sumOfLanes(sums);
  for (; i < bytes; i += 4) sum += load<f32>(a + i) * load<f32>(b + i);
  return sum;
}
