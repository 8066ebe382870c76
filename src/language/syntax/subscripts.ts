// Reads subscripts as LaTeX and Unicode write them, `h_{t-1}`, `hₜ₋₁` and `W_{xh}`, which the language writes
// otherwise.

import { isMatrixName } from '../words.ts';

/** The subscript of a name. */
export type Subscript =
  /** A step; `lag` is what follows `t`, such as `-1`, or empty. */
  | { readonly kind: 'step'; readonly name: string; readonly lag: string; readonly to: number }
  | { readonly kind: 'name'; readonly name: string; readonly to: number };

const braces = /\{\s*([^{}\r\n]*?)\s*\}/y;
const step = /^t\s*(?:([-−+])\s*(\d+))?$/u;
const word = /^[\p{L}\p{Nd}]+$/u;
const raised = /([₋₊])([₀-₉]+)/y;

/** Reads the subscript of the name that is the part of `text` up to `to`; null where it has none of these forms. */
export function subscriptOf(text: string, name: string, to: number): Subscript | null {
  if (name.endsWith('ₜ')) {
    raised.lastIndex = to;
    const found = raised.exec(text);
    if (!found) return null;
    const steps = [...found[2]].map((digit) => digit.codePointAt(0)! - '₀'.codePointAt(0)!).join('');
    const lag = `${found[1] === '₋' ? '-' : '+'}${steps}`;
    return { kind: 'step', name: name.slice(0, -1), lag, to: to + found[0].length };
  }
  if (!name.endsWith('_')) return null;
  braces.lastIndex = to;
  const found = braces.exec(text);
  if (!found) return null;
  const end = to + found[0].length;
  const steps = step.exec(found[1]);
  if (steps && !isMatrixName(name)) {
    const lag = steps[1] === undefined ? '' : `${steps[1] === '+' ? '+' : '-'}${steps[2]}`;
    return { kind: 'step', name: name.slice(0, -1), lag, to: end };
  }
  return word.test(found[1]) ? { kind: 'name', name: name + found[1], to: end } : null;
}

/** Returns `h` for `h_t` and `hₜ`, as books write a vector at a step; null for any other name. */
export function stemOfStep(name: string): string | null {
  const [, stem] = /^(.+?)(?:_t|ₜ)$/u.exec(name) ?? [];
  return stem === undefined || isMatrixName(stem) ? null : stem;
}
