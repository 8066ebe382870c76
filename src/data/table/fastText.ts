// The format of fastText (Joulin et al. 2017): each line is a text after its label, `__label__de Guten Tag`.
import { type CellPlace, linesOf, type Misfit, type Table } from './table.ts';

const header = ['text', 'label'];

const prefix = '__label__';

const labelled = new RegExp(`^\\s*${prefix}(\\S+)\\s*`);

/** Returns whether a line of a text begins with a label. */
export const isFastText = (text: string): boolean => new RegExp(`^${prefix}\\S`, 'm').test(text);

/** @param text the normalised text */
export function readFastText(text: string): Table {
  const misfits: Misfit[] = [];
  const rows = linesOf(text).flatMap(({ line, text: all }) => {
    const [head = '', label = ''] = labelled.exec(all) ?? [];
    const rest = all.slice(head.length);
    if (labelled.test(rest)) {
      misfits.push({ line, message: 'It has several labels, and one is possible.' });
      return [];
    }
    return [{ line, cells: [rest, label] }];
  });
  return { header, rows, misfits };
}

/**
 * Finds the label of a line, or the place before its text where one is to be written. A label has no space.
 */
export function fastTextCell(line: string): CellPlace {
  const [head = '', label = ''] = labelled.exec(line) ?? [];
  const to = head.trimEnd().length;
  if (head !== '') return { from: to - label.length, to, write: (value) => value };
  return { from: 0, to: 0, write: (value) => `${prefix}${value} ` };
}

/** Returns the offset at which the text of a line begins, behind its label. */
export const labelEnd = (line: string): number => labelled.exec(line)?.[0].length ?? 0;
