// Operations that read a whole row, and sums over rows or columns.
import { dotOfRows, exponential, logarithm, sumOfLanes } from './lanes';

/** The ε of layer normalisation, which the cell language defines and the caller passes at instantiation. */
// @ts-ignore: decorator
@external("env", "layerNormEpsilon")
declare const EPSILON: f32;

export function fill(out: usize, outStride: usize, value: f32, rows: usize, width: usize): void {
  const bytes = width << 2;
  const quads = bytes & ~15;
  const vector = f32x4.splat(value);
  out <<= 2;
  for (let row: usize = 0; row < rows; row++) {
    let i: usize = 0;
    for (; i < quads; i += 16) v128.store(out + i, vector);
    for (; i < bytes; i += 4) store<f32>(out + i, value);
    out += outStride << 2;
  }
}

// @ts-ignore: decorator
@inline
function sumOfRow(a: usize, bytes: usize): f32 {
  const quads = bytes & ~15;
  let sums = f32x4.splat(0);
  let i: usize = 0;
  for (; i < quads; i += 16) sums = f32x4.add(sums, v128.load(a + i));
  let sum = sumOfLanes(sums);
  for (; i < bytes; i += 4) sum += load<f32>(a + i);
  return sum;
}

/** Returns the maximum, ignoring NaN, which the exponential that follows propagates. */
// @ts-ignore: decorator
@inline
function maximumOfRow(a: usize, bytes: usize): f32 {
  const quads = bytes & ~15;
  let most = f32x4.splat(-Infinity);
  let i: usize = 0;
  for (; i < quads; i += 16) most = f32x4.pmax(most, v128.load(a + i));
  for (; i < bytes; i += 4) most = f32x4.pmax(most, v128.load32_splat(a + i));
  most = f32x4.pmax(most, i32x4.shuffle(most, most, 2, 3, 0, 1));
  return max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1));
}

/** Returns Σ e^(a - shift), and stores the terms in `out` if `keep` is set. */
function exponentialsOfRow(keep: bool, out: usize, a: usize, bytes: usize, shift: f32): f32 {
  const quads = bytes & ~15;
  const shifts = f32x4.splat(shift);
  let sums = f32x4.splat(0);
  let i: usize = 0;
  for (; i < quads; i += 16) {
    const y = exponential(f32x4.sub(v128.load(a + i), shifts));
    sums = f32x4.add(sums, y);
    if (keep) v128.store(out + i, y);
  }
  let sum = sumOfLanes(sums);
  for (; i < bytes; i += 4) {
    const y = f32x4.extract_lane(exponential(f32x4.sub(v128.load32_zero(a + i), shifts)), 0);
    sum += y;
    if (keep) store<f32>(out + i, y);
  }
  return sum;
}

/** out = a·scale + shift, elementwise. */
// @ts-ignore: decorator
@inline
function affineRow(out: usize, a: usize, bytes: usize, scale: f32, shift: f32): void {
  const quads = bytes & ~15;
  let i: usize = 0;
  for (; i < quads; i += 16)
    v128.store(out + i, f32x4.add(f32x4.mul(v128.load(a + i), f32x4.splat(scale)), f32x4.splat(shift)));
  for (; i < bytes; i += 4) store<f32>(out + i, load<f32>(a + i) * scale + shift);
}

export function softmax(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  rows: usize,
  width: usize,
): void {
  const bytes = width << 2;
  out <<= 2;
  a <<= 2;
  for (let row: usize = 0; row < rows; row++) {
    const sum = exponentialsOfRow(true, out, a, bytes, maximumOfRow(a, bytes));
    affineRow(out, out, bytes, 1 / sum, 0);
    out += outStride << 2;
    a += aStride << 2;
  }
}

/** out = y·(dy - dy·y), because the Jacobian of softmax is diag(y) - y yᵀ. */
export function softmaxGradient(
  out: usize,
  outStride: usize,
  dy: usize,
  dyStride: usize,
  y: usize,
  yStride: usize,
  rows: usize,
  width: usize,
): void {
  const bytes = width << 2;
  out <<= 2;
  dy <<= 2;
  y <<= 2;
  for (let row: usize = 0; row < rows; row++) {
    const dot = dotOfRows(dy, y, bytes);
    for (let i: usize = 0; i < bytes; i += 4)
      store<f32>(out + i, load<f32>(y + i) * (load<f32>(dy + i) - dot));
    out += outStride << 2;
    dy += dyStride << 2;
    y += yStride << 2;
  }
}

// @ts-ignore: decorator
@inline
function inverseDeviation(a: usize, bytes: usize, mean: f32): f32 {
  let sum: f32 = 0;
  for (let i: usize = 0; i < bytes; i += 4) {
    const centred = load<f32>(a + i) - mean;
    sum += centred * centred;
  }
  return 1 / sqrt<f32>(sum / <f32>(bytes >> 2) + EPSILON);
}

/** out = (a - mean) / deviation, for each row. */
export function layerNorm(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  rows: usize,
  width: usize,
): void {
  const bytes = width << 2;
  out <<= 2;
  a <<= 2;
  for (let row: usize = 0; row < rows; row++) {
    const mean = sumOfRow(a, bytes) / <f32>width;
    const scale = inverseDeviation(a, bytes, mean);
    for (let i: usize = 0; i < bytes; i += 4) store<f32>(out + i, (load<f32>(a + i) - mean) * scale);
    out += outStride << 2;
    a += aStride << 2;
  }
}

/** out = (dy - mean(dy) - y·mean(dy·y)) / deviation, where y is layerNorm(x). */
export function layerNormGradient(
  out: usize,
  outStride: usize,
  dy: usize,
  dyStride: usize,
  y: usize,
  yStride: usize,
  x: usize,
  xStride: usize,
  rows: usize,
  width: usize,
): void {
  const bytes = width << 2;
  out <<= 2;
  dy <<= 2;
  y <<= 2;
  x <<= 2;
  for (let row: usize = 0; row < rows; row++) {
    const scale = inverseDeviation(x, bytes, sumOfRow(x, bytes) / <f32>width);
    const mean = sumOfRow(dy, bytes) / <f32>width;
    const slope = dotOfRows(dy, y, bytes) / <f32>width;
    for (let i: usize = 0; i < bytes; i += 4)
      store<f32>(out + i, (load<f32>(dy + i) - mean - load<f32>(y + i) * slope) * scale);
    out += outStride << 2;
    dy += dyStride << 2;
    y += yStride << 2;
    x += xStride << 2;
  }
}

/** Copies each row's one number to all of its columns. */
export function broadcast(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  rows: usize,
  width: usize,
): void {
  for (let row: usize = 0; row < rows; row++)
    fill(out + row * outStride, width, load<f32>((a + row * aStride) << 2), 1, width);
}

export function rowSum(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  rows: usize,
  width: usize,
): void {
  for (let row: usize = 0; row < rows; row++)
    store<f32>((out + row * outStride) << 2, sumOfRow((a + row * aStride) << 2, width << 2));
}

/** Adds all rows to `out`, four in one pass over it, so that memory is read in order. */
export function columnSum(out: usize, a: usize, aStride: usize, rows: usize, width: usize): void {
  out <<= 2;
  a <<= 2;
  const step = aStride << 2;
  const bytes = width << 2;
  const quads = bytes & ~15;
  const fours = rows & ~3;
  for (let row: usize = 0; row < fours; row += 4, a += step * 4) {
    const a1 = a + step;
    const a2 = a1 + step;
    const a3 = a2 + step;
    let i: usize = 0;
    for (; i < quads; i += 16) {
      const low = f32x4.add(v128.load(a + i), v128.load(a1 + i));
      const high = f32x4.add(v128.load(a2 + i), v128.load(a3 + i));
      v128.store(out + i, f32x4.add(v128.load(out + i), f32x4.add(low, high)));
    }
    for (; i < bytes; i += 4) {
      const low = load<f32>(a + i) + load<f32>(a1 + i);
      const high = load<f32>(a2 + i) + load<f32>(a3 + i);
      store<f32>(out + i, load<f32>(out + i) + (low + high));
    }
  }
  for (let row = fours; row < rows; row++, a += step)
    for (let i: usize = 0; i < bytes; i += 4) store<f32>(out + i, load<f32>(out + i) + load<f32>(a + i));
}

/** losses[row] = log Σ e^a - a[target] in nats, or 0 where the target is below 0. */
export function crossEntropy(
  losses: usize,
  a: usize,
  aStride: usize,
  targets: usize,
  rows: usize,
  width: usize,
): void {
  const bytes = width << 2;
  losses <<= 2;
  a <<= 2;
  targets <<= 2;
  for (let row: usize = 0; row < rows; row++) {
    const target = load<i32>(targets + (row << 2));
    let loss: f32 = 0;
    if (target >= 0) {
      const maximum = maximumOfRow(a, bytes);
      const sum = exponentialsOfRow(false, 0, a, bytes, maximum);
      const log = f32x4.extract_lane(logarithm(f32x4.splat(sum)), 0);
      loss = log + (maximum - load<f32>(a + ((<usize>target) << 2)));
    }
    store<f32>(losses + (row << 2), loss);
    a += aStride << 2;
  }
}

/** Half the logarithm of 2π. */
const HALF_LOG_2_PI: f32 = 0.9189385332046727;

/** Returns e^x. */
// @ts-ignore: decorator
@inline
function exponentialOf(x: f32): f32 {
  return f32x4.extract_lane(exponential(f32x4.splat(x)), 0);
}

/**
 * losses[row] = Σ ((mean - y) / e^s)² / 2 + s + log(2π) / 2, where a has the means and then the logarithms s of the
 * standard deviations, and y is the row `target` of the table; 0 where the target is below 0.
 */
export function gaussian(
  losses: usize,
  a: usize,
  aStride: usize,
  targets: usize,
  table: usize,
  rows: usize,
  width: usize,
): void {
  const bytes = width << 2;
  losses <<= 2;
  a <<= 2;
  targets <<= 2;
  table <<= 2;
  for (let row: usize = 0; row < rows; row++) {
    const target = load<i32>(targets + (row << 2));
    let loss: f32 = 0;
    if (target >= 0) {
      const y = table + <usize>target * bytes;
      for (let i: usize = 0; i < bytes; i += 4) {
        const logarithm = load<f32>(a + bytes + i);
        const z = (load<f32>(a + i) - load<f32>(y + i)) * exponentialOf(-logarithm);
        loss += <f32>0.5 * z * z + logarithm + HALF_LOG_2_PI;
      }
    }
    store<f32>(losses + (row << 2), loss);
    a += aStride << 2;
  }
}

/** out = the derivative of `gaussian` with respect to a, times scale[0], or 0 where the target is below 0. */
export function gaussianGradient(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  targets: usize,
  table: usize,
  scale: usize,
  rows: usize,
  width: usize,
): void {
  const bytes = width << 2;
  const factor = load<f32>(scale << 2);
  out <<= 2;
  a <<= 2;
  targets <<= 2;
  table <<= 2;
  for (let row: usize = 0; row < rows; row++) {
    const target = load<i32>(targets + (row << 2));
    if (target < 0) fill(out >> 2, 2 * width, 0, 1, 2 * width);
    else {
      const y = table + <usize>target * bytes;
      for (let i: usize = 0; i < bytes; i += 4) {
        const inverse = exponentialOf(-load<f32>(a + bytes + i));
        const z = (load<f32>(a + i) - load<f32>(y + i)) * inverse;
        store<f32>(out + i, factor * z * inverse);
        store<f32>(out + bytes + i, factor * (1 - z * z));
      }
    }
    out += outStride << 2;
    a += aStride << 2;
  }
}

/** out = (softmax(a) - onehot(target))·scale[0], or 0 where the target is below 0. */
export function crossEntropyGradient(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  targets: usize,
  scale: usize,
  rows: usize,
  width: usize,
): void {
  const bytes = width << 2;
  const factor = load<f32>(scale << 2);
  out <<= 2;
  a <<= 2;
  targets <<= 2;
  for (let row: usize = 0; row < rows; row++) {
    const target = load<i32>(targets + (row << 2));
    if (target < 0) fill(out >> 2, width, 0, 1, width);
    else {
      const sum = exponentialsOfRow(true, out, a, bytes, maximumOfRow(a, bytes));
      affineRow(out, out, bytes, factor / sum, 0);
      const place = out + ((<usize>target) << 2);
      store<f32>(place, load<f32>(place) - factor);
    }
    out += outStride << 2;
    a += aStride << 2;
  }
}

/** Fills each row with scale[0] where its target is at least 0, and with 0 where it has none. */
export function targetWeight(
  out: usize,
  outStride: usize,
  targets: usize,
  scale: usize,
  rows: usize,
  width: usize,
): void {
  const factor = load<f32>(scale << 2);
  for (let row: usize = 0; row < rows; row++)
    fill(out + row * outStride, width, load<i32>((targets + row) << 2) < 0 ? 0 : factor, 1, width);
}
