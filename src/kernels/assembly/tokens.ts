// Operations that are addressed by tokens (whole numbers; below 0 means none), and dropout, whose masks are
// addressed by place.

/** out = onto + table[token]; `onto` below 0 means none. */
export function gather(
  out: usize,
  outStride: usize,
  table: usize,
  tokens: usize,
  onto: isize,
  ontoStride: usize,
  rows: usize,
  width: usize,
): void {
  const bytes = width << 2;
  const quads = bytes & ~15;
  const none = onto < 0;
  let from = (<usize>onto) << 2;
  out <<= 2;
  table <<= 2;
  tokens <<= 2;
  for (let row: usize = 0; row < rows; row++) {
    const token = load<i32>(tokens + (row << 2));
    const entry = table + <usize>token * bytes;
    for (let i: usize = 0; i < quads; i += 16) {
      const start = none ? f32x4.splat(0) : v128.load(from + i);
      v128.store(out + i, token < 0 ? start : f32x4.add(start, v128.load(entry + i)));
    }
    for (let i = quads; i < bytes; i += 4) {
      const start: f32 = none ? 0 : load<f32>(from + i);
      store<f32>(out + i, token < 0 ? start : start + load<f32>(entry + i));
    }
    out += outStride << 2;
    from += ontoStride << 2;
  }
}

/** table[token] += dy, which is the derivative of gather. */
export function scatterAdd(
  table: usize,
  dy: usize,
  dyStride: usize,
  tokens: usize,
  rows: usize,
  width: usize,
): void {
  const bytes = width << 2;
  const quads = bytes & ~15;
  dy <<= 2;
  table <<= 2;
  tokens <<= 2;
  for (let row: usize = 0; row < rows; row++, dy += dyStride << 2) {
    const token = load<i32>(tokens + (row << 2));
    if (token < 0) continue;
    const entry = table + <usize>token * bytes;
    let i: usize = 0;
    for (; i < quads; i += 16) v128.store(entry + i, f32x4.add(v128.load(entry + i), v128.load(dy + i)));
    for (; i < bytes; i += 4) store<f32>(entry + i, load<f32>(entry + i) + load<f32>(dy + i));
  }
}

/** out[row] = a[indices[row]]. */
export function gatherRows(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  indices: usize,
  rows: usize,
  width: usize,
): void {
  for (let row: usize = 0; row < rows; row++) {
    const index = <usize>load<i32>((indices + row) << 2);
    memory.copy((out + row * outStride) << 2, (a + index * aStride) << 2, width << 2);
  }
}

/** out[indices[row]] = a[row]. */
export function scatterRows(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  indices: usize,
  rows: usize,
  width: usize,
): void {
  for (let row: usize = 0; row < rows; row++) {
    const index = <usize>load<i32>((indices + row) << 2);
    memory.copy((out + index * outStride) << 2, (a + row * aStride) << 2, width << 2);
  }
}

export function oneHot(out: usize, outStride: usize, tokens: usize, rows: usize, width: usize): void {
  out <<= 2;
  for (let row: usize = 0; row < rows; row++) {
    memory.fill(out, 0, width << 2);
    const token = load<i32>((tokens + row) << 2);
    if (token >= 0) store<f32>(out + ((<usize>token) << 2), 1);
    out += outStride << 2;
  }
}

export function paddingMask(
  out: usize,
  outStride: usize,
  tokens: usize,
  rows: usize,
  width: usize,
): void {
  const end = width << 2;
  for (let row: usize = 0; row < rows; row++) {
    const start = (out + row * outStride) << 2;
    const value: f32 = load<i32>((tokens + row) << 2) < 0 ? 0 : 1;
    for (let i: usize = 0; i < end; i += 4) store<f32>(start + i, value);
  }
}

/**
 * out = a·mask, where mask is 0 with probability p = rate[0] and otherwise 1 / (1 - p). Element i of a step's
 * block [batch × width] is kept or dropped by number first + i + t·perStep of mulberry32 with seed seed[0],
 * so that the mask needs no memory and the backward pass generates it again.
 */
export function dropout(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  seed: usize,
  rate: usize,
  first: u32,
  perStep: u32,
  batch: usize,
  rows: usize,
  width: usize,
): void {
  const start = load<u32>(seed << 2);
  const p = <f64>load<f32>(rate << 2);
  const threshold = i32x4.splat(<i32>(<u32>Math.ceil(p * 4294967296)));
  const scale = f32x4.splat(<f32>(1 / (1 - p)));
  const lanes = i32x4.mul(i32x4(0, 1, 2, 3), i32x4.splat(0x6d2b79f5));
  for (let row: usize = 0; row < rows; row++) {
    const number = first + <u32>(row / batch) * perStep + <u32>(row % batch) * <u32>width;
    let to = (out + row * outStride) << 2;
    let from = (a + row * aStride) << 2;
    for (let i: usize = 0; i < width; i += 4, to += 16, from += 16) {
      // The generator adds its constant before it mixes, hence + 1.
      const counter = start + (number + <u32>i + 1) * 0x6d2b79f5;
      const state = i32x4.add(i32x4.splat(counter), lanes);
      let bits = i32x4.mul(v128.xor(state, i32x4.shr_u(state, 15)), v128.or(state, i32x4.splat(1)));
      const mixed = i32x4.mul(v128.xor(bits, i32x4.shr_u(bits, 7)), v128.or(bits, i32x4.splat(61)));
      bits = v128.xor(i32x4.add(bits, mixed), bits);
      bits = v128.xor(bits, i32x4.shr_u(bits, 14));
      const mask = v128.andnot(scale, i32x4.lt_u(bits, threshold));
      if (width - i >= 4) v128.store(to, f32x4.mul(v128.load(from), mask));
      else
        for (let j: usize = 0; j < width - i; j++) {
          const kept: f32 =
            j == 0
              ? f32x4.extract_lane(mask, 0)
              : j == 1
                ? f32x4.extract_lane(mask, 1)
                : f32x4.extract_lane(mask, 2);
          store<f32>(to + (j << 2), load<f32>(from + (j << 2)) * kept);
        }
    }
  }
}
