// Reads the cells of a notebook's file.
import * as v from 'valibot';

/**
 * The parts of nbformat 4 (nbformat.readthedocs.io) that are read. VS Code reads no earlier version either.
 */
const notebook = v.object({
  nbformat: v.optional(v.pipe(v.number(), v.minValue(4))),
  cells: v.array(v.object({ source: v.union([v.string(), v.array(v.string())]) })),
});

/** Returns the source of each cell that is not blank; null if the text is not a notebook. */
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
