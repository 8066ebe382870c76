// Renames the name under the cursor everywhere in its cell.

import type { Checked } from '../check.ts';
import type { CellSymbol } from '../checking/checkCell.ts';
import { type Edit, lineEnd, type Range } from '../syntax/source.ts';
import type { CellSection } from '../syntax/syntax.ts';
import { hasMeaning, isMatrixName, isName } from '../words.ts';
import { isOutside, references, symbolAt } from './symbols.ts';

/** Returns the range that can be renamed, or null. `x`, `y`, `m[s]` and `given` come from outside the cell and cannot be. */
export function renamable(checked: Checked, offset: number): Range | null {
  const found = symbolAt(checked, offset);
  return found && !isOutside(found.symbol.role) ? found.range : null;
}

/** Returns the edits, or a sentence that says why the name cannot be changed. */
export function rename(checked: Checked, offset: number, name: string): readonly Edit[] | string {
  const found = symbolAt(checked, offset);
  if (!found || !renamable(checked, offset)) return 'Only a name that the cell defines can be renamed.';
  const wrong = refuse(found.symbol, name, found.scope.symbols);
  if (wrong !== null) return wrong;
  const { text } = checked.file;
  // A name may directly follow a prime, which ends a name; without the prime, a space must be inserted. The sign of
  // a transpose, which is a letter to Unicode, follows a name without one.
  const isApart = ({ from, to }: Range) =>
    !/['′]$/.test(text.slice(from, to)) || !/^[\p{L}\p{M}\p{Nd}_₀-₉]/u.test(text.slice(to, to + 2));
  const edits = references(checked, offset).map((range) => ({
    range,
    text: isApart(range) ? name : `${name} `,
  }));
  const { section } = found.scope;
  const isOutput =
    found.symbol.name === 'h' && name !== 'h' && !section.statements.some(({ kind }) => kind === 'output');
  return isOutput ? [...edits, sayOutput(text, section, name)] : edits;
}

/**
 * Adds an `output` statement: `h[t]` is the output by default, but a vector of another name must be declared.
 */
function sayOutput(text: string, { range }: CellSection, name: string): Edit {
  const end = lineEnd(text, range.to);
  return { range: { from: end, to: end }, text: `\n  output ${name}[t]` };
}

function refuse(
  { name: old, role, rows }: CellSymbol,
  written: string,
  taken: ReadonlyMap<string, unknown>,
): string | null {
  if (!isName(written)) return 'A name is a letter, then letters, digits and `_`.';
  // The lexer normalises names in the same way.
  const name = written.normalize('NFC');
  if (name === old) return null;
  if (taken.has(name) || hasMeaning(name)) return `\`${name}\` means something else already.`;
  if (name === 'h' && rows !== 'h') return '`h` is as wide as the layer, and this is not.';
  if (isMatrixName(name) === (role === 'matrix')) return null;
  return role === 'matrix'
    ? 'A matrix begins with a capital letter.'
    : 'Only a matrix begins with a capital letter.';
}
