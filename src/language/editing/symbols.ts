// Finds names at places: the name under a cursor, where it is defined and used, and a file's outline.

import type { Checked } from '../check.ts';
import type { CellSymbol, Role, Scope } from '../checking/checkCell.ts';
import { layerWords } from '../options/layers.ts';
import { findOption } from '../options/optionTable.ts';
import type { Range } from '../syntax/source.ts';
import type { Section } from '../syntax/syntax.ts';

export const contains = ({ from, to }: Range, offset: number): boolean => from <= offset && offset <= to;

/** Returns the section whose lines hold the offset, including the blank lines after it. */
export const sectionAt = ({ file }: Checked, offset: number): Section | undefined =>
  file.sections.findLast(({ range }) => range.from <= offset);

export interface SymbolAt {
  readonly scope: Scope;
  readonly symbol: CellSymbol;
  /** The range of the name under the cursor. */
  readonly range: Range;
}

export function symbolAt(checked: Checked, offset: number): SymbolAt | null {
  for (const scope of checked.scopes) {
    for (const symbol of scope.symbols.values()) {
      const found = symbol.occurrences.find(({ range }) => contains(range, offset));
      if (found) return { scope, symbol, range: found.range };
    }
  }
  return null;
}

/** Returns every occurrence of the name under the cursor, in the file's order. */
export function references(checked: Checked, offset: number): readonly Range[] {
  const found = symbolAt(checked, offset);
  const ranges = found ? found.symbol.occurrences.map(({ range }) => range) : cellRanges(checked, offset);
  return ranges.toSorted((a, b) => a.from - b.from);
}

/** Whether a name comes from outside of the cell. */
export const isOutside = (role: Role): boolean =>
  role === 'input' || role === 'network output' || role === 'given' || role === 'encoder output';

/** Finds the equation, the constant, the first use of a parameter, or the cell that a layer names. */
export function definition(checked: Checked, offset: number): Range | null {
  const found = symbolAt(checked, offset);
  if (!found) return cellRanges(checked, offset)[0] ?? null;
  const { role, occurrences } = found.symbol;
  if (isOutside(role)) return null;
  const defining = occurrences.find(({ defines }) => defines);
  return (defining ?? occurrences.toSorted((a, b) => a.range.from - b.range.from)[0]).range;
}

/** Returns where the cell under the cursor is named: its own line, then the layers. */
function cellRanges({ file }: Checked, offset: number): Range[] {
  const names = file.sections.flatMap((section) =>
    section.kind === 'cell'
      ? [section.name]
      : section.settings
          .filter(({ name }) => findOption(section.kind, name.text)?.kind === 'layers')
          .flatMap(({ items }) =>
            items.flatMap((item) => {
              const [cell] = layerWords(item).words;
              return cell?.kind === 'name' ? [cell] : [];
            }),
          ),
  );
  const own = file.sections.flatMap((section) => (section.kind === 'cell' ? [section.name] : []));
  const name = names.find(({ range }) => contains(range, offset));
  const defining = own.find(({ text }) => text === name?.text);
  if (!defining) return [];
  const others = names.filter(({ text, range }) => text === defining.text && range !== defining.range);
  return [defining.range, ...others.map(({ range }) => range)];
}

export interface OutlineItem {
  readonly name: string;
  readonly kind: 'cell' | 'section' | 'vector' | 'constant' | 'option';
  readonly range: Range;
  readonly selection: Range;
  readonly children: readonly OutlineItem[];
}

export const outline = ({ file }: Checked): readonly OutlineItem[] => file.sections.map(outlineSection);

function outlineSection(section: Section): OutlineItem {
  const { range, header } = section;
  if (section.kind === 'cell') {
    const children = section.statements.flatMap((statement): OutlineItem[] => {
      if (statement.kind !== 'equation' && statement.kind !== 'constant') return [];
      const { target, range } = statement;
      const equation = statement.kind === 'equation';
      const name = equation ? `${target.text}[${statement.index}]` : target.text;
      const kind = equation ? 'vector' : 'constant';
      return [{ name, kind, range, selection: target.range, children: [] }];
    });
    return { name: section.name.text || 'cell', kind: 'cell', range, selection: header, children };
  }
  const children = section.settings.map(
    ({ name, range }): OutlineItem => ({
      name: name.text,
      kind: 'option',
      range,
      selection: name.range,
      children: [],
    }),
  );
  return { name: section.kind, kind: 'section', range, selection: header, children };
}
