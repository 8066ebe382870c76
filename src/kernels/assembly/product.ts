import { loadPart, multiplyAdd, storePart } from './lanes';
// Matrix products. B is packed beforehand into panels of as many columns as the register tile is wide, panel
// by panel, each [K × panel]; A is read where it is. A tile of C stays in registers over all of K.

// Columns of a panel, and rows of a tile at most: the fastest pair depends on the machine and the engine and is
// set once, after a short timing (see src/backend/wasm/tiles.ts).
let panel: usize = 16;
let tileRows: usize = 2;
let tileScratch: usize = 0;

const TILE_WORDS: usize = 6 * 16;

/** @param scratch 112 words of this instance's own: a tile whose place is narrower goes there, then zeros. */
export function setTile(columns: usize, rows: usize, scratch: usize): void {
  panel = columns;
  tileRows = rows;
  tileScratch = scratch << 2;
}

// As much of K at a time as keeps a panel in the first-level cache, and as many rows of A.
const DEPTH: usize = 256;
const BLOCK: usize = 4096;

/** Rows of A that are worked on together: whole tiles. */
// @ts-ignore: decorator
@inline
function blockRows(depth: usize): usize {
  return max<usize>(1, BLOCK / depth / tileRows) * tileRows;
}

/**
 * One row of the tile on its way out. Sums are stored whole and are used for nothing else, two by two: V8's
 * revectorizer finds pairs by stores that stand side by side, and whatever else reads half of a pair takes it
 * apart in the loop.
 */
// @ts-ignore: decorator
@inline
function finish(QUADS: usize, out: usize, onto: usize, c0: v128, c1: v128, c2: v128, c3: v128): void {
  const y0 = f32x4.add(c0, v128.load(onto));
  const y1 = f32x4.add(c1, v128.load(onto, 16));
  v128.store(out, y0);
  v128.store(out, y1, 16);
  if (QUADS > 2) {
    const y2 = f32x4.add(c2, v128.load(onto, 32));
    const y3 = f32x4.add(c3, v128.load(onto, 48));
    v128.store(out, y2, 32);
    v128.store(out, y3, 48);
  }
}

/** From a whole tile to the first columns of its place. */
function copyTile(
  rows: usize,
  out: usize,
  outStride: usize,
  onto: usize,
  ontoStride: usize,
  columns: usize,
): void {
  for (let row: usize = 0; row < rows; row++)
    for (let i: usize = 0; i < columns; i++) {
      const sum = load<f32>(tileScratch + ((row * 16 + i) << 2));
      store<f32>(out + row * outStride + (i << 2), load<f32>(onto + row * ontoStride + (i << 2)) + sum);
    }
}

/**
 * C[ROWS × 4·QUADS] = onto + A·B over `depth` steps of k. All strides are bytes. Rows and vectors that a shape
 * does not have are folded away: only two rows are as wide as four vectors.
 */
// @ts-ignore: decorator
@inline
function tile(
  ROWS: i32,
  QUADS: usize,
  TRANSPOSED: bool,
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  onto: usize,
  ontoStride: usize,
  depth: usize,
): void {
  let c00 = f32x4.splat(0);
  let c01 = f32x4.splat(0);
  let c02 = f32x4.splat(0);
  let c03 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c11 = f32x4.splat(0);
  let c12 = f32x4.splat(0);
  let c13 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c21 = f32x4.splat(0);
  let c22 = f32x4.splat(0);
  let c23 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let c31 = f32x4.splat(0);
  let c32 = f32x4.splat(0);
  let c33 = f32x4.splat(0);
  let c40 = f32x4.splat(0);
  let c41 = f32x4.splat(0);
  let c50 = f32x4.splat(0);
  let c51 = f32x4.splat(0);
  let a1 = a + aStride * 1;
  let a2 = a + aStride * 2;
  let a3 = a + aStride * 3;
  let a4 = a + aStride * 4;
  let a5 = a + aStride * 5;
  for (let k = depth; k > 0; k--) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const b2 = QUADS > 2 ? v128.load(b, 32) : b0;
    const b3 = QUADS > 2 ? v128.load(b, 48) : b0;
    b += QUADS * 16;
    let x = v128.load32_splat(a);
    c00 = multiplyAdd(x, b0, c00);
    c01 = multiplyAdd(x, b1, c01);
    if (QUADS > 2) {
      c02 = multiplyAdd(x, b2, c02);
      c03 = multiplyAdd(x, b3, c03);
    }
    if (ROWS > 1) {
      x = TRANSPOSED ? v128.load32_splat(a, 4) : v128.load32_splat(a1);
      c10 = multiplyAdd(x, b0, c10);
      c11 = multiplyAdd(x, b1, c11);
      if (QUADS > 2) {
        c12 = multiplyAdd(x, b2, c12);
        c13 = multiplyAdd(x, b3, c13);
      }
      if (!TRANSPOSED) a1 += 4;
    }
    if (ROWS > 2) {
      x = TRANSPOSED ? v128.load32_splat(a, 8) : v128.load32_splat(a2);
      c20 = multiplyAdd(x, b0, c20);
      c21 = multiplyAdd(x, b1, c21);
      if (QUADS > 2) {
        c22 = multiplyAdd(x, b2, c22);
        c23 = multiplyAdd(x, b3, c23);
      }
      if (!TRANSPOSED) a2 += 4;
    }
    if (ROWS > 3) {
      x = TRANSPOSED ? v128.load32_splat(a, 12) : v128.load32_splat(a3);
      c30 = multiplyAdd(x, b0, c30);
      c31 = multiplyAdd(x, b1, c31);
      if (QUADS > 2) {
        c32 = multiplyAdd(x, b2, c32);
        c33 = multiplyAdd(x, b3, c33);
      }
      if (!TRANSPOSED) a3 += 4;
    }
    if (ROWS > 4) {
      x = TRANSPOSED ? v128.load32_splat(a, 16) : v128.load32_splat(a4);
      c40 = multiplyAdd(x, b0, c40);
      c41 = multiplyAdd(x, b1, c41);
      if (!TRANSPOSED) a4 += 4;
    }
    if (ROWS > 5) {
      x = TRANSPOSED ? v128.load32_splat(a, 20) : v128.load32_splat(a5);
      c50 = multiplyAdd(x, b0, c50);
      c51 = multiplyAdd(x, b1, c51);
      if (!TRANSPOSED) a5 += 4;
    }
    a += TRANSPOSED ? aStride : 4;
  }
  finish(QUADS, out, onto, c00, c01, c02, c03);
  if (ROWS > 1) {
    out += outStride;
    onto += ontoStride;
    finish(QUADS, out, onto, c10, c11, c12, c13);
  }
  if (ROWS > 2) {
    out += outStride;
    onto += ontoStride;
    finish(QUADS, out, onto, c20, c21, c22, c23);
  }
  if (ROWS > 3) {
    out += outStride;
    onto += ontoStride;
    finish(QUADS, out, onto, c30, c31, c32, c33);
  }
  if (ROWS > 4) {
    out += outStride;
    onto += ontoStride;
    finish(QUADS, out, onto, c40, c41, c40, c41);
  }
  if (ROWS > 5) {
    out += outStride;
    onto += ontoStride;
    finish(QUADS, out, onto, c50, c51, c50, c51);
  }
}

function tile1x8(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  onto: usize,
  ontoStride: usize,
  depth: usize,
): void {
  tile(1, 2, false, out, outStride, a, aStride, b, onto, ontoStride, depth);
}

function tile1x8Transposed(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  onto: usize,
  ontoStride: usize,
  depth: usize,
): void {
  tile(1, 2, true, out, outStride, a, aStride, b, onto, ontoStride, depth);
}

function tile2x8(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  onto: usize,
  ontoStride: usize,
  depth: usize,
): void {
  tile(2, 2, false, out, outStride, a, aStride, b, onto, ontoStride, depth);
}

function tile2x8Transposed(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  onto: usize,
  ontoStride: usize,
  depth: usize,
): void {
  tile(2, 2, true, out, outStride, a, aStride, b, onto, ontoStride, depth);
}

function tile3x8(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  onto: usize,
  ontoStride: usize,
  depth: usize,
): void {
  tile(3, 2, false, out, outStride, a, aStride, b, onto, ontoStride, depth);
}

function tile3x8Transposed(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  onto: usize,
  ontoStride: usize,
  depth: usize,
): void {
  tile(3, 2, true, out, outStride, a, aStride, b, onto, ontoStride, depth);
}

function tile4x8(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  onto: usize,
  ontoStride: usize,
  depth: usize,
): void {
  tile(4, 2, false, out, outStride, a, aStride, b, onto, ontoStride, depth);
}

function tile4x8Transposed(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  onto: usize,
  ontoStride: usize,
  depth: usize,
): void {
  tile(4, 2, true, out, outStride, a, aStride, b, onto, ontoStride, depth);
}

function tile5x8(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  onto: usize,
  ontoStride: usize,
  depth: usize,
): void {
  tile(5, 2, false, out, outStride, a, aStride, b, onto, ontoStride, depth);
}

function tile5x8Transposed(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  onto: usize,
  ontoStride: usize,
  depth: usize,
): void {
  tile(5, 2, true, out, outStride, a, aStride, b, onto, ontoStride, depth);
}

function tile6x8(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  onto: usize,
  ontoStride: usize,
  depth: usize,
): void {
  tile(6, 2, false, out, outStride, a, aStride, b, onto, ontoStride, depth);
}

function tile6x8Transposed(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  onto: usize,
  ontoStride: usize,
  depth: usize,
): void {
  tile(6, 2, true, out, outStride, a, aStride, b, onto, ontoStride, depth);
}

function tile1x16(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  onto: usize,
  ontoStride: usize,
  depth: usize,
): void {
  tile(1, 4, false, out, outStride, a, aStride, b, onto, ontoStride, depth);
}

function tile1x16Transposed(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  onto: usize,
  ontoStride: usize,
  depth: usize,
): void {
  tile(1, 4, true, out, outStride, a, aStride, b, onto, ontoStride, depth);
}

function tile2x16(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  onto: usize,
  ontoStride: usize,
  depth: usize,
): void {
  tile(2, 4, false, out, outStride, a, aStride, b, onto, ontoStride, depth);
}

function tile2x16Transposed(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  onto: usize,
  ontoStride: usize,
  depth: usize,
): void {
  tile(2, 4, true, out, outStride, a, aStride, b, onto, ontoStride, depth);
}

function tile3x16(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  onto: usize,
  ontoStride: usize,
  depth: usize,
): void {
  tile(3, 4, false, out, outStride, a, aStride, b, onto, ontoStride, depth);
}

function tile3x16Transposed(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  onto: usize,
  ontoStride: usize,
  depth: usize,
): void {
  tile(3, 4, true, out, outStride, a, aStride, b, onto, ontoStride, depth);
}

function tile4x16(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  onto: usize,
  ontoStride: usize,
  depth: usize,
): void {
  tile(4, 4, false, out, outStride, a, aStride, b, onto, ontoStride, depth);
}

function tile4x16Transposed(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  onto: usize,
  ontoStride: usize,
  depth: usize,
): void {
  tile(4, 4, true, out, outStride, a, aStride, b, onto, ontoStride, depth);
}

function anyTile(
  TRANSPOSED: bool,
  rows: usize,
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  onto: usize,
  ontoStride: usize,
  depth: usize,
): void {
  if (panel == 16) {
    switch (<i32>rows) {
      case 1:
        if (TRANSPOSED) tile1x16Transposed(out, outStride, a, aStride, b, onto, ontoStride, depth);
        else tile1x16(out, outStride, a, aStride, b, onto, ontoStride, depth);
        return;
      case 2:
        if (TRANSPOSED) tile2x16Transposed(out, outStride, a, aStride, b, onto, ontoStride, depth);
        else tile2x16(out, outStride, a, aStride, b, onto, ontoStride, depth);
        return;
      case 3:
        if (TRANSPOSED) tile3x16Transposed(out, outStride, a, aStride, b, onto, ontoStride, depth);
        else tile3x16(out, outStride, a, aStride, b, onto, ontoStride, depth);
        return;
      case 4:
        if (TRANSPOSED) tile4x16Transposed(out, outStride, a, aStride, b, onto, ontoStride, depth);
        else tile4x16(out, outStride, a, aStride, b, onto, ontoStride, depth);
        return;
    }
    return;
  }
  switch (<i32>rows) {
    case 1:
      if (TRANSPOSED) tile1x8Transposed(out, outStride, a, aStride, b, onto, ontoStride, depth);
      else tile1x8(out, outStride, a, aStride, b, onto, ontoStride, depth);
      return;
    case 2:
      if (TRANSPOSED) tile2x8Transposed(out, outStride, a, aStride, b, onto, ontoStride, depth);
      else tile2x8(out, outStride, a, aStride, b, onto, ontoStride, depth);
      return;
    case 3:
      if (TRANSPOSED) tile3x8Transposed(out, outStride, a, aStride, b, onto, ontoStride, depth);
      else tile3x8(out, outStride, a, aStride, b, onto, ontoStride, depth);
      return;
    case 4:
      if (TRANSPOSED) tile4x8Transposed(out, outStride, a, aStride, b, onto, ontoStride, depth);
      else tile4x8(out, outStride, a, aStride, b, onto, ontoStride, depth);
      return;
    case 5:
      if (TRANSPOSED) tile5x8Transposed(out, outStride, a, aStride, b, onto, ontoStride, depth);
      else tile5x8(out, outStride, a, aStride, b, onto, ontoStride, depth);
      return;
    case 6:
      if (TRANSPOSED) tile6x8Transposed(out, outStride, a, aStride, b, onto, ontoStride, depth);
      else tile6x8(out, outStride, a, aStride, b, onto, ontoStride, depth);
      return;
  }
}

// @ts-ignore: decorator
@inline
function blocks(
  TRANSPOSED: bool,
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  onto: usize,
  ontoStride: usize,
  none: bool,
  m: usize,
  depth: usize,
  panelStride: usize,
  n: usize,
): void {
  const mostRows = blockRows(depth);
  const zeros = tileScratch + TILE_WORDS * 4;
  const startStride: usize = none ? 0 : ontoStride;
  for (let row: usize = 0; row < m; row += mostRows) {
    const rows = min<usize>(mostRows, m - row);
    const groups = (rows + tileRows - 1) / tileRows;
    for (let column: usize = 0; column < n; column += panel) {
      const from = b + (column / panel) * panelStride;
      let done: usize = 0;
      // As even as can be: 25 rows by tiles of six are five times five, not four times six and one.
      for (let group: usize = 0; group < groups; group++) {
        const count = (rows - done + groups - group - 1) / (groups - group);
        const first = row + done;
        const rowsOfA = TRANSPOSED ? a + (first << 2) : a + first * aStride;
        const to = out + first * outStride + (column << 2);
        const start = none ? zeros : onto + first * ontoStride + (column << 2);
        if (n - column >= panel) {
          anyTile(TRANSPOSED, count, to, outStride, rowsOfA, aStride, from, start, startStride, depth);
        } else {
          anyTile(TRANSPOSED, count, tileScratch, 64, rowsOfA, aStride, from, zeros, 0, depth);
          copyTile(count, to, outStride, start, startStride, n - column);
        }
        done += count;
      }
    }
  }
}

/** out[M × N] = onto + a[M × K]·b[K × N], b packed; `onto` below 0 is zero. */
export function product(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  onto: isize,
  ontoStride: usize,
  m: usize,
  k: usize,
  n: usize,
): void {
  const none = onto < 0;
  for (let done: usize = 0; done < k; done += DEPTH) {
    const first = done == 0;
    blocks(
      false,
      out << 2,
      outStride << 2,
      (a + done) << 2,
      aStride << 2,
      (b + done * panel) << 2,
      first ? (<usize>onto) << 2 : out << 2,
      (first ? ontoStride : outStride) << 2,
      first && none,
      m,
      min(DEPTH, k - done),
      (k * panel) << 2,
      n,
    );
  }
}

/**
 * out[M × N] += a[K × M]ᵀ·b[K × N]: a weight gradient, from all rows of all steps at once. b is packed into
 * `scratch`, 256 rows at a time, and behind it some columns of a: its rows are as far apart as makes them fight
 * for the same lines of the cache. Room for 256·(N rounded up to 16) + 256·16 numbers.
 */
export function outer(
  out: usize,
  outStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  bStride: usize,
  scratch: usize,
  m: usize,
  k: usize,
  n: usize,
): void {
  const packedA = scratch + DEPTH * ((n + 15) & ~15);
  for (let done: usize = 0; done < k; done += DEPTH) {
    const depth = min(DEPTH, k - done);
    packRows(scratch, b + done * bStride, bStride, depth, n);
    const mostRows = blockRows(DEPTH);
    for (let row: usize = 0; row < m; row += mostRows) {
      const rows = min(mostRows, m - row);
      copyBlock(packedA, a + done * aStride + row, aStride, depth, rows, m - row);
      blocks(
        true,
        (out + row * outStride) << 2,
        outStride << 2,
        packedA << 2,
        16 << 2,
        scratch << 2,
        (out + row * outStride) << 2,
        outStride << 2,
        false,
        rows,
        depth,
        (depth * panel) << 2,
        n,
      );
    }
  }
}

/** [rows × width] with `width` ≤ 16, to rows of 16. Whole rows are copied as long as there is something to read. */
// @ts-ignore: decorator
@inline
function copyBlock(out: usize, a: usize, aStride: usize, rows: usize, width: usize, readable: usize): void {
  out <<= 2;
  a <<= 2;
  for (let row: usize = 0; row < rows; row++) {
    if (readable >= 16) {
      v128.store(out, v128.load(a));
      v128.store(out, v128.load(a, 16), 16);
      v128.store(out, v128.load(a, 32), 32);
      v128.store(out, v128.load(a, 48), 48);
    } else {
      for (let i: usize = 0; i < width << 2; i += 4) store<f32>(out + i, load<f32>(a + i));
    }
    out += 64;
    a += aStride << 2;
  }
}

/** Packs a row-major [K × N] matrix. */
export function packRows(out: usize, from: usize, stride: usize, k: usize, n: usize): void {
  const whole = panel << 2;
  for (let column: usize = 0; column < n; column += panel) {
    let to = (out + column * k) << 2;
    let source = (from + column) << 2;
    const bytes = min(panel, n - column) << 2;
    for (let row: usize = 0; row < k; row++) {
      if (bytes == whole) {
        v128.store(to, v128.load(source));
        v128.store(to, v128.load(source, 16), 16);
        if (whole == 64) {
          v128.store(to, v128.load(source, 32), 32);
          v128.store(to, v128.load(source, 48), 48);
        }
      } else {
        for (let i: usize = 0; i < bytes; i += 4) store<f32>(to + i, load<f32>(source + i));
        for (let i: usize = bytes; i < whole; i += 4) store<f32>(to + i, 0);
      }
      to += whole;
      source += stride << 2;
    }
  }
}

/** Packs the transpose of a row-major [N × K] matrix. */
export function packColumns(out: usize, from: usize, stride: usize, k: usize, n: usize): void {
  for (let column: usize = 0; column < n; column += panel) {
    const to = (out + column * k) << 2;
    for (let lane: usize = 0; lane < panel; lane++) {
      let source = (from + (column + lane) * stride) << 2;
      const within = column + lane < n;
      for (let row: usize = 0; row < k; row++, source += 4)
        store<f32>(to + ((row * panel + lane) << 2), within ? load<f32>(source) : 0);
    }
  }
}
