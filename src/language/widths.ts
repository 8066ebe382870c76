// Infers widths by unification: operands that are combined unit by unit have the same width, and a matrix has
// as many columns as its operand has units.

import type { Width } from './cell.ts';

/** The widths of x, h and y in a network, in units, and of m[s] and `given` where there is an encoder. */
export interface Widths {
  readonly x: number;
  readonly h: number;
  readonly y: number;
  readonly m?: number;
}

/** A width that may not be known yet. */
export interface Term {
  same: Term | null;
  width: Width | null;
}

export const term = (width: Width | null = null): Term => ({ same: null, width });

function find(start: Term): Term {
  let root = start;
  while (root.same) root = root.same;
  for (let at = start; at !== root; ) {
    const next = at.same!;
    at.same = root;
    at = next;
  }
  return root;
}

/** Unifies two widths; returns false, and changes nothing, if they are known to differ. */
export function unify(a: Term, b: Term): boolean {
  const [left, right] = [find(a), find(b)];
  if (left === right) return true;
  if (left.width !== null && right.width !== null && left.width !== right.width) return false;
  right.width ??= left.width;
  left.same = right;
  return true;
}

export const isKnown = (t: Term): boolean => find(t).width !== null;

/** Returns whether a width is known to be one unit, which spreads over the units of what it is combined with. */
export const isOne = (t: Term): boolean => find(t).width === 1;

/** Returns the width of a term; a term that nothing determines is as wide as the layer. */
export const resolve = (t: Term): Width => find(t).width ?? 'h';

/** Returns a width for a message: its number if it is known, else its letter. */
export const showWidth = (width: Width, known: Partial<Widths>): string =>
  String(typeof width === 'number' ? width : (known[width] ?? width));

/** @throws Error where a cell reads what an encoder wrote, and there is none */
export function widthOf(width: Width, widths: Widths): number {
  const units = typeof width === 'number' ? width : widths[width];
  if (units === undefined) throw new Error('A cell reads from an encoder, and there is none.');
  return units;
}
