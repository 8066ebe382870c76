// Writes widths as Python: as arguments of a constructor, as attributes of a layer, and in comments on shapes.
import type { Width } from '../../language/cell.ts';

const names = { x: 'inputs', h: 'hidden', y: 'tokens', m: 'encoded' } as const;
const letters = { x: 'X', h: 'H', y: 'V', m: 'M' } as const;

/** A width within the constructor. */
export const widthCode = (width: Width): string => (typeof width === 'number' ? String(width) : names[width]);

/** A width within the other methods. */
export const ownWidth = (width: Width): string =>
  typeof width === 'number' ? String(width) : `self.${names[width]}`;

/** A width in a comment. */
export const widthLetter = (width: Width): string =>
  typeof width === 'number' ? String(width) : letters[width];

/** A number that stays one of floating point in Python. */
export const float = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) < 1e16 ? value.toFixed(1) : String(value);

/** A tuple, which needs a comma if it has one element. */
export const tuple = (parts: readonly string[]): string =>
  parts.length === 1 ? `(${parts[0]},)` : `(${parts.join(', ')})`;
