// A new name for what stands under the cursor, everywhere in its cell.

import type { Checked } from './check.ts';
import type { CellSymbol } from './checkCell.ts';
import type { Edit, Range } from './source.ts';
import { references, symbolAt } from './symbols.ts';
import { functions, isMatrixName, isName } from './words.ts';

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
  const wrong = refuse(found.symbol, name, new Set(found.scope.symbols.keys()));
  return wrong ?? references(checked, offset).map((range) => ({ range, text: name }));
}

function refuse({ name: old, role }: CellSymbol, name: string, taken: ReadonlySet<string>): string | null {
  if (!isName(name)) return 'A name is a letter, then letters, digits and `_`.';
  if (name !== old && (taken.has(name) || ['t', 'x', 'y'].includes(name) || functions.has(name)))
    return `\`${name}\` means something else already.`;
  if (isMatrixName(name) === (role === 'matrix')) return null;
  return role === 'matrix'
    ? 'A matrix begins with a capital letter.'
    : 'Only a matrix begins with a capital letter.';
}
