// Matrix products. B is packed beforehand into panels of as many columns as the register tile is wide, panel
// by panel, each [K × panel]; A is read where it is.
import { runTile, setStrides } from './tiles';

// The columns of a panel, and the most rows of a tile. The fastest pair depends on the machine and the
// JavaScript engine and is set once, after a short timing (see src/backend/wasm/chooseTile.ts).
let panel: usize = 16;
let tileRows: usize = 2;
let tileScratch: usize = 0;

const TILE_WORDS: usize = 6 * 16;

/** @param scratch 112 words of this instance's own, for a tile wider than its place, followed by zeros */
export function setTile(columns: usize, rows: usize, scratch: usize): void {
  panel = columns;
  tileRows = rows;
  tileScratch = scratch << 2;
}

// At most DEPTH of K is processed at once, so that a panel of B stays in the first-level cache. Each panel meets at most
// BLOCK numbers of A, which stay in the second-level one: B is read once for every so many rows, and the weights of a wide
// layer fit in no cache. A batch of 50 is one block, whole or halved between two threads.
const DEPTH: usize = 256;
const BLOCK: usize = 50 * DEPTH;

/** The rows for which `weightGradient` has scratch memory. */
const TURNED: usize = 16;

/** Returns the rows of as many whole tiles as have at most `most` together, or of one. */
// @ts-ignore: decorator
@inline
function wholeTiles(most: usize): usize {
  return max<usize>(1, most / tileRows) * tileRows;
}

/** Adds `onto` to the first columns of a tile in scratch memory, and stores the sums in `out`. */
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
 * out[m × n] = onto + a[m × depth]·b, in blocks of rows that stay in the cache. All but counts is in bytes.
 */
function blocks(
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
  const mostRows = m * depth <= BLOCK ? m : wholeTiles(BLOCK / depth);
  const zeros = tileScratch + TILE_WORDS * 4;
  const startStride: usize = none ? 0 : ontoStride;
  setStrides(outStride, aStride, startStride, depth);
  for (let row: usize = 0; row < m; row += mostRows) {
    const rows = min<usize>(mostRows, m - row);
    const groups = (rows + tileRows - 1) / tileRows;
    for (let column: usize = 0; column < n; column += panel) {
      const from = b + (column / panel) * panelStride;
      let done: usize = 0;
      // Rows are divided evenly: 25 rows in tiles of up to six are 5 times 5 rows, not 4 times 6 and one.
      for (let group: usize = 0; group < groups; group++) {
        const count = (rows - done + groups - group - 1) / (groups - group);
        const first = row + done;
        const to = out + first * outStride + (column << 2);
        const start = none ? zeros : onto + first * ontoStride + (column << 2);
        if (n - column >= panel) {
          runTile(panel, count, to, a + first * aStride, from, start);
        } else {
          setStrides(64, aStride, 0, depth);
          runTile(panel, count, tileScratch, a + first * aStride, from, zeros);
          setStrides(outStride, aStride, startStride, depth);
          copyTile(count, to, outStride, start, startStride, n - column);
        }
        done += count;
      }
    }
  }
}

/** out[M × N] = onto + a[M × K]·b[K × N], with b packed; `onto` below 0 stands for zero. */
export function matmul(
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
  // If all rows are one block, B is read from its beginning to its end, panel by panel, and not in strips of panels.
  const width: usize = m * DEPTH <= BLOCK && k > DEPTH ? panel : n;
  for (let column: usize = 0; column < n; column += width)
    for (let done: usize = 0; done < k; done += DEPTH) {
      const first = done == 0;
      blocks(
        (out + column) << 2,
        outStride << 2,
        (a + done) << 2,
        aStride << 2,
        (b + column * k + done * panel) << 2,
        (first ? <usize>onto + column : out + column) << 2,
        (first ? ontoStride : outStride) << 2,
        first && onto < 0,
        m,
        min(DEPTH, k - done),
        (k * panel) << 2,
        min(width, n - column),
      );
    }
}

/**
 * out[M × N] += a[K × M]ᵀ·b[K × N]: a weight gradient, from all rows of all steps at once. b is packed into
 * `scratch`, 256 rows at a time, and after it some columns of a are transposed to rows, because in place
 * their distance makes them compete for the same cache lines. `scratch` needs 256·(N rounded up to 16) +
 * 256·16 numbers.
 */
export function weightGradient(
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
  const turned = scratch + DEPTH * ((n + 15) & ~15);
  for (let done: usize = 0; done < k; done += DEPTH) {
    const depth = min(DEPTH, k - done);
    packRows(scratch, b + done * bStride, bStride, depth, n);
    const mostRows = wholeTiles(TURNED);
    for (let row: usize = 0; row < m; row += mostRows) {
      const rows = min(mostRows, m - row);
      const to = (out + row * outStride) << 2;
      transpose(turned, a + done * aStride + row, aStride, depth, rows);
      blocks(
        to,
        outStride << 2,
        turned << 2,
        DEPTH << 2,
        scratch << 2,
        to,
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

/** Transposes [rows × width] to [width × 256] in blocks of four by four, and the rest one by one. */
// @ts-ignore: decorator
@inline
function transpose(out: usize, a: usize, aStride: usize, rows: usize, width: usize): void {
  const stride = aStride << 2;
  const whole = rows & ~3;
  for (let column: usize = 0; column < width; column += 4) {
    let from = (a + column) << 2;
    let to = (out + column * DEPTH) << 2;
    const columns = min<usize>(4, width - column);
    let row: usize = 0;
    if (columns == 4)
      for (; row < whole; row += 4) {
        const r0 = v128.load(from);
        const r1 = v128.load(from + stride);
        const r2 = v128.load(from + stride * 2);
        const r3 = v128.load(from + stride * 3);
        const low01 = i32x4.shuffle(r0, r1, 0, 4, 1, 5);
        const low23 = i32x4.shuffle(r2, r3, 0, 4, 1, 5);
        const high01 = i32x4.shuffle(r0, r1, 2, 6, 3, 7);
        const high23 = i32x4.shuffle(r2, r3, 2, 6, 3, 7);
        v128.store(to, i64x2.shuffle(low01, low23, 0, 2));
        v128.store(to, i64x2.shuffle(low01, low23, 1, 3), DEPTH * 4);
        v128.store(to, i64x2.shuffle(high01, high23, 0, 2), DEPTH * 8);
        v128.store(to, i64x2.shuffle(high01, high23, 1, 3), DEPTH * 12);
        from += stride * 4;
        to += 16;
      }
    for (; row < rows; row++, from += stride, to += 4)
      for (let i: usize = 0; i < columns; i++)
        store<f32>(to + ((i * DEPTH) << 2), load<f32>(from + (i << 2)));
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
