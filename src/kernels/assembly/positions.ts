// Operations on rows for each stream at each position of its source, [positions × rows]. A position whose token is
// below 0 is padding.
import { dotOfRows, exponential, multiplyAdd } from './lanes';

/** out[s, row] = onto[s, row] + a[row]; `onto` below 0 means none. */
export function repeat(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  onto: isize,
  ontoStride: usize,
  positions: usize,
  rows: usize,
  width: usize,
): void {
  const bytes = width << 2;
  const quads = bytes & ~15;
  const none = onto < 0;
  let from = (<usize>onto) << 2;
  out <<= 2;
  for (let s: usize = 0; s < positions; s++) {
    let value = a << 2;
    for (let row: usize = 0; row < rows; row++) {
      let i: usize = 0;
      if (none) memory.copy(out, value, bytes);
      else {
        for (; i < quads; i += 16) v128.store(out + i, f32x4.add(v128.load(from + i), v128.load(value + i)));
        for (; i < bytes; i += 4) store<f32>(out + i, load<f32>(from + i) + load<f32>(value + i));
      }
      out += outStride << 2;
      from += ontoStride << 2;
      value += aStride << 2;
    }
  }
}

/** Is all ones in the lanes of streams whose position is no padding. */
// @ts-ignore: decorator
@inline
function presence(tokens: usize): v128 {
  return i32x4.ge_s(v128.load(tokens), i32x4.splat(0));
}

/** Softmax over the positions of four streams side by side, of one unit each. @param step the bytes to the next position */
function softmaxOfFour(out: usize, a: usize, tokens: usize, positions: usize, step: usize): void {
  const end = positions * step;
  let most = f32x4.splat(-Infinity);
  for (let at: usize = 0; at < end; at += step)
    most = f32x4.pmax(most, v128.bitselect(v128.load(a + at), most, presence(tokens + at)));
  let sums = f32x4.splat(0);
  for (let at: usize = 0; at < end; at += step) {
    const power = v128.and(exponential(f32x4.sub(v128.load(a + at), most)), presence(tokens + at));
    sums = f32x4.add(sums, power);
    v128.store(out + at, power);
  }
  for (let at: usize = 0; at < end; at += step)
    v128.store(out + at, v128.and(f32x4.div(v128.load(out + at), sums), presence(tokens + at)));
}

/** Softmax over the positions of one unit of one stream; the steps are the bytes to the next position. */
function softmaxOfOne(
  out: usize,
  outStep: usize,
  a: usize,
  aStep: usize,
  tokens: usize,
  tokenStep: usize,
  positions: usize,
): void {
  let most: f32 = -Infinity;
  for (let s: usize = 0; s < positions; s++) {
    const value = load<f32>(a + s * aStep);
    if (load<i32>(tokens + s * tokenStep) >= 0 && value > most) most = value;
  }
  let sum: f32 = 0;
  for (let s: usize = 0; s < positions; s++) {
    const value = load<f32>(a + s * aStep);
    const isPresent = load<i32>(tokens + s * tokenStep) >= 0;
    const power: f32 = isPresent ? f32x4.extract_lane(exponential(f32x4.splat(value - most)), 0) : 0;
    sum += power;
    store<f32>(out + s * outStep, power);
  }
  for (let s: usize = 0; s < positions; s++) {
    const isPresent = load<i32>(tokens + s * tokenStep) >= 0;
    const to = out + s * outStep;
    store<f32>(to, isPresent ? load<f32>(to) / sum : 0);
  }
}

export function positionSoftmax(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  tokens: usize,
  positions: usize,
  rows: usize,
  width: usize,
): void {
  out <<= 2;
  a <<= 2;
  tokens <<= 2;
  const step = rows << 2;
  let row: usize = 0;
  if (width == 1 && outStride == 1 && aStride == 1)
    for (; row + 4 <= rows; row += 4)
      softmaxOfFour(out + (row << 2), a + (row << 2), tokens + (row << 2), positions, step);
  for (; row < rows; row++)
    for (let i: usize = 0; i < width; i++)
      softmaxOfOne(
        out + ((row * outStride + i) << 2),
        step * outStride,
        a + ((row * aStride + i) << 2),
        step * aStride,
        tokens + (row << 2),
        step,
        positions,
      );
}

/** out = b·(a - Σ over s of a·b), unit by unit, because the Jacobian of softmax is diag(b) - b bᵀ. */
export function positionSoftmaxGradient(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  bStride: usize,
  tokens: usize,
  positions: usize,
  rows: usize,
  width: usize,
): void {
  out <<= 2;
  a <<= 2;
  b <<= 2;
  tokens <<= 2;
  const end = positions * rows;
  for (let row: usize = 0; row < rows; row++)
    for (let i: usize = 0; i < width; i++) {
      let dot: f32 = 0;
      for (let at = row; at < end; at += rows)
        if (load<i32>(tokens + (at << 2)) >= 0)
          dot += load<f32>(a + ((at * aStride + i) << 2)) * load<f32>(b + ((at * bStride + i) << 2));
      for (let at = row; at < end; at += rows) {
        const isPresent = load<i32>(tokens + (at << 2)) >= 0;
        const slope = load<f32>(a + ((at * aStride + i) << 2)) - dot;
        const value: f32 = isPresent ? load<f32>(b + ((at * bStride + i) << 2)) * slope : 0;
        store<f32>(out + ((at * outStride + i) << 2), value);
      }
    }
}

/** out[row] = Σ over s of a[s, row]·b[s, row], where a has one unit. */
export function positionSum(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  bStride: usize,
  tokens: usize,
  positions: usize,
  rows: usize,
  width: usize,
): void {
  const bytes = width << 2;
  const quads = bytes & ~15;
  const end = positions * rows;
  out <<= 2;
  for (let row: usize = 0; row < rows; row++, out += outStride << 2) {
    memory.fill(out, 0, bytes);
    for (let at = row; at < end; at += rows) {
      if (load<i32>((tokens + at) << 2) < 0) continue;
      const weight = load<f32>((a + at * aStride) << 2);
      const weights = f32x4.splat(weight);
      const from = (b + at * bStride) << 2;
      let i: usize = 0;
      for (; i < quads; i += 16)
        v128.store(out + i, multiplyAdd(weights, v128.load(from + i), v128.load(out + i)));
      for (; i < bytes; i += 4)
        store<f32>(out + i, load<f32>(out + i) + weight * load<f32>(from + i));
    }
  }
}

/** out[s, row], one unit, is the dot product of a[row] and b[s, row]. */
export function positionDot(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  bStride: usize,
  tokens: usize,
  positions: usize,
  rows: usize,
  width: usize,
): void {
  let at: usize = 0;
  for (let s: usize = 0; s < positions; s++)
    for (let row: usize = 0; row < rows; row++, at++) {
      const isPresent = load<i32>((tokens + at) << 2) >= 0;
      const value: f32 = isPresent
        ? dotOfRows((a + row * aStride) << 2, (b + at * bStride) << 2, width << 2)
        : 0;
      store<f32>((out + at * outStride) << 2, value);
    }
}

/** out[s, row] = a[s, row]·b[row], where a has one unit; with `adds` it is added to what is there. */
export function positionOuter(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  bStride: usize,
  tokens: usize,
  positions: usize,
  rows: usize,
  width: usize,
  adds: u32,
): void {
  const bytes = width << 2;
  const quads = bytes & ~15;
  let at: usize = 0;
  for (let s: usize = 0; s < positions; s++)
    for (let row: usize = 0; row < rows; row++, at++) {
      const to = (out + at * outStride) << 2;
      if (load<i32>((tokens + at) << 2) < 0) {
        if (!adds) memory.fill(to, 0, bytes);
        continue;
      }
      const factor = load<f32>((a + at * aStride) << 2);
      const factors = f32x4.splat(factor);
      const from = (b + row * bStride) << 2;
      let i: usize = 0;
      if (adds) {
        for (; i < quads; i += 16)
          v128.store(to + i, multiplyAdd(factors, v128.load(from + i), v128.load(to + i)));
        for (; i < bytes; i += 4) store<f32>(to + i, load<f32>(to + i) + factor * load<f32>(from + i));
      } else {
        for (; i < quads; i += 16) v128.store(to + i, f32x4.mul(factors, v128.load(from + i)));
        for (; i < bytes; i += 4) store<f32>(to + i, factor * load<f32>(from + i));
      }
    }
}
