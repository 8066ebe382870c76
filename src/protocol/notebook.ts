// A notebook's file → its cells.
import * as v from 'valibot';

/** What of nbformat 4 (nbformat.readthedocs.io) is read. VS Code reads no earlier one either. */
const notebook = v.object({
  nbformat: v.optional(v.pipe(v.number(), v.minValue(4))),
  cells: v.array(v.object({ source: v.union([v.string(), v.array(v.string())]) })),
});

/** Each cell's own words, without those that are blank; null where it is no notebook. */
export function readNotebook(text: string): string[] | null {
  const parsed = v.safeParse(notebook, parse(text));
  if (!parsed.success) return null;
  return parsed.output.cells
    .map(({ source }) => (typeof source === 'string' ? source : source.join('')))
    .filter((cell) => cell.trim() !== '');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
