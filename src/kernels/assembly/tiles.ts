// The register tiles have up to six rows of eight or sixteen columns, that stay in registers over all of k where these
// are enough: sixteen columns in more than four rows need vectors of 256 bits.
import { multiplyAdd } from './lanes';

// The arguments of a tile. They are globals, so that there can be one small function for each shape; one
// large function would run out of registers. All strides are in bytes.
let out: usize;
let outStride: usize;
let a: usize;
let aStride: usize;
let b: usize;
let onto: usize;
let ontoStride: usize;
let depth: usize;

/** Sets the strides, which are the same for all tiles of a block. */
// @ts-ignore: decorator
@inline
export function setStrides(ofOut: usize, ofA: usize, ofOnto: usize, stepsOfK: usize): void {
  outStride = ofOut;
  aStride = ofA;
  ontoStride = ofOnto;
  depth = stepsOfK;
}

/**
 * Stores one row of the tile. Sums are stored whole, two by two, and are used for nothing else: V8's
 * revectorizer finds pairs by adjacent stores, and anything else that reads half of a pair makes it split the
 * pair in the loop.
 */
// @ts-ignore: decorator
@inline
function finish(QUADS: usize, to: usize, from: usize, c0: v128, c1: v128, c2: v128, c3: v128): void {
  const y0 = f32x4.add(c0, v128.load(from));
  const y1 = f32x4.add(c1, v128.load(from, 16));
  v128.store(to, y0);
  v128.store(to, y1, 16);
  if (QUADS > 2) {
    const y2 = f32x4.add(c2, v128.load(from, 32));
    const y3 = f32x4.add(c3, v128.load(from, 48));
    v128.store(to, y2, 32);
    v128.store(to, y3, 48);
  }
}

/**
 * out[ROWS × 4·QUADS] = onto + a[ROWS × depth]·b, where b is a panel as wide as the tile. The compiler
 * removes rows and vectors that a shape does not have.
 */
// @ts-ignore: decorator
@inline
function tile(ROWS: i32, QUADS: usize): void {
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
  let c42 = f32x4.splat(0);
  let c43 = f32x4.splat(0);
  let c50 = f32x4.splat(0);
  let c51 = f32x4.splat(0);
  let c52 = f32x4.splat(0);
  let c53 = f32x4.splat(0);
  let panel = b;
  let a0 = a;
  let a1 = a0 + aStride;
  let a2 = a1 + aStride;
  let a3 = a2 + aStride;
  let a4 = a3 + aStride;
  let a5 = a4 + aStride;
  for (let k = depth; k > 0; k--) {
    const b0 = v128.load(panel);
    const b1 = v128.load(panel, 16);
    const b2 = QUADS > 2 ? v128.load(panel, 32) : b0;
    const b3 = QUADS > 2 ? v128.load(panel, 48) : b0;
    panel += QUADS * 16;
    const x = v128.load32_splat(a0);
    a0 += 4;
    c00 = multiplyAdd(x, b0, c00);
    c01 = multiplyAdd(x, b1, c01);
    if (QUADS > 2) {
      c02 = multiplyAdd(x, b2, c02);
      c03 = multiplyAdd(x, b3, c03);
    }
    if (ROWS > 1) {
      const x = v128.load32_splat(a1);
      a1 += 4;
      c10 = multiplyAdd(x, b0, c10);
      c11 = multiplyAdd(x, b1, c11);
      if (QUADS > 2) {
        c12 = multiplyAdd(x, b2, c12);
        c13 = multiplyAdd(x, b3, c13);
      }
    }
    if (ROWS > 2) {
      const x = v128.load32_splat(a2);
      a2 += 4;
      c20 = multiplyAdd(x, b0, c20);
      c21 = multiplyAdd(x, b1, c21);
      if (QUADS > 2) {
        c22 = multiplyAdd(x, b2, c22);
        c23 = multiplyAdd(x, b3, c23);
      }
    }
    if (ROWS > 3) {
      const x = v128.load32_splat(a3);
      a3 += 4;
      c30 = multiplyAdd(x, b0, c30);
      c31 = multiplyAdd(x, b1, c31);
      if (QUADS > 2) {
        c32 = multiplyAdd(x, b2, c32);
        c33 = multiplyAdd(x, b3, c33);
      }
    }
    if (ROWS > 4) {
      const x = v128.load32_splat(a4);
      a4 += 4;
      c40 = multiplyAdd(x, b0, c40);
      c41 = multiplyAdd(x, b1, c41);
      if (QUADS > 2) {
        c42 = multiplyAdd(x, b2, c42);
        c43 = multiplyAdd(x, b3, c43);
      }
    }
    if (ROWS > 5) {
      const x = v128.load32_splat(a5);
      a5 += 4;
      c50 = multiplyAdd(x, b0, c50);
      c51 = multiplyAdd(x, b1, c51);
      if (QUADS > 2) {
        c52 = multiplyAdd(x, b2, c52);
        c53 = multiplyAdd(x, b3, c53);
      }
    }
  }
  let to = out;
  let from = onto;
  finish(QUADS, to, from, c00, c01, c02, c03);
  if (ROWS > 1) {
    to += outStride;
    from += ontoStride;
    finish(QUADS, to, from, c10, c11, c12, c13);
  }
  if (ROWS > 2) {
    to += outStride;
    from += ontoStride;
    finish(QUADS, to, from, c20, c21, c22, c23);
  }
  if (ROWS > 3) {
    to += outStride;
    from += ontoStride;
    finish(QUADS, to, from, c30, c31, c32, c33);
  }
  if (ROWS > 4) {
    to += outStride;
    from += ontoStride;
    finish(QUADS, to, from, c40, c41, c42, c43);
  }
  if (ROWS > 5) {
    to += outStride;
    from += ontoStride;
    finish(QUADS, to, from, c50, c51, c52, c53);
  }
}

function tile1x8(): void {
  tile(1, 2);
}

function tile2x8(): void {
  tile(2, 2);
}

function tile3x8(): void {
  tile(3, 2);
}

function tile4x8(): void {
  tile(4, 2);
}

function tile5x8(): void {
  tile(5, 2);
}

function tile6x8(): void {
  tile(6, 2);
}

function tile1x16(): void {
  tile(1, 4);
}

function tile2x16(): void {
  tile(2, 4);
}

function tile3x16(): void {
  tile(3, 4);
}

function tile4x16(): void {
  tile(4, 4);
}

function tile5x16(): void {
  tile(5, 4);
}

function tile6x16(): void {
  tile(6, 4);
}

/** Runs the tile of `rows` rows at the given places; `columns` is 8 or 16. */
export function runTile(
  columns: usize,
  rows: usize,
  toOut: usize,
  fromA: usize,
  panel: usize,
  fromOnto: usize,
): void {
  out = toOut;
  a = fromA;
  b = panel;
  onto = fromOnto;
  if (columns == 16) {
    switch (<i32>rows) {
      case 1:
        return tile1x16();
      case 2:
        return tile2x16();
      case 3:
        return tile3x16();
      case 4:
        return tile4x16();
      case 5:
        return tile5x16();
      case 6:
        return tile6x16();
      default:
        unreachable();
    }
  }
  switch (<i32>rows) {
    case 1:
      return tile1x8();
    case 2:
      return tile2x8();
    case 3:
      return tile3x8();
    case 4:
      return tile4x8();
    case 5:
      return tile5x8();
    case 6:
      return tile6x8();
    default:
      unreachable();
  }
}
