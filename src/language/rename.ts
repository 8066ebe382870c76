// A new name for what stands under the cursor, everywhere in its cell.

import type { Checked } from './check.ts';
import type { CellSymbol } from './checkCell.ts';
import { type Edit, lineEnd, type Range } from './source.ts';
import { references, symbolAt } from './symbols.ts';
import type { CellSection } from './syntax.ts';
import { hasMeaning, isMatrixName, isName } from './words.ts';

/** What can be renamed there; null where nothing can. `x` and `y` come from outside the cell. */
export function renamable(checked: Checked, offset: number): Range | null {
  const found = symbolAt(checked, offset);
  const outside = found?.symbol.role === 'input' || found?.symbol.role === 'network output';
  return found && !outside ? found.range : null;
}

/** The edits, or a sentence that says why not. */
export function rename(checked: Checked, offset: number, name: string): readonly Edit[] | string {
  const found = symbolAt(checked, offset);
  if (!found || !renamable(checked, offset)) return 'There is no name here that the cell gives.';
  const wrong = refuse(found.symbol, name, found.scope.symbols);
  if (wrong !== null) return wrong;
  const { text } = checked.file;
  // A prime ends a name, so that the next one may stand directly behind it.
  const isApart = ({ to }: Range) => !/^[\p{L}\p{M}\p{Nd}_₀-₉]/u.test(text.slice(to, to + 2));
  const edits = references(checked, offset).map((range) => ({
    range,
    text: isApart(range) ? name : `${name} `,
  }));
  const { section } = found.scope;
  const isOutput =
    found.symbol.name === 'h' && name !== 'h' && !section.statements.some(({ kind }) => kind === 'output');
  return isOutput ? [...edits, sayOutput(text, section, name)] : edits;
}

/** The next layer sees `h[t]` without a word; by another name, it has to be said. */
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
  // As the lexer reads it.
  const name = written.normalize('NFC');
  if (name === old) return null;
  if (taken.has(name) || hasMeaning(name)) return `\`${name}\` means something else already.`;
  if (name === 'h' && rows !== 'h') return '`h` is as wide as the layer, and this is not.';
  if (isMatrixName(name) === (role === 'matrix')) return null;
  return role === 'matrix'
    ? 'A matrix begins with a capital letter.'
    : 'Only a matrix begins with a capital letter.';
}
