// Decides at a glance whether a text is worth reading as a table. It does not import VS Code.

/** The names of files that hold tables. */
export const isTableName = (path: string): boolean => /\.(?:csv|tsv|tab|jsonl|ndjson)$/i.test(path);

/** The number of characters that are looked at. */
const glance = 10_000;

/** The names of columns: letters and what joins words, and not whole sentences or numbers. */
const nameLike = /^"?[\p{L}_][\p{L}\p{N}_ .()/-]{0,39}"?$/u;

/**
 * Returns whether a text may be a table: its first line has names of columns or is an object, or some line has
 * a label of fastText. What it is in truth, a worker finds out.
 */
export function looksLikeRows(text: string): boolean {
  const beginning = text.slice(0, glance).trimStart();
  const [first] = beginning.split(/[\r\n]/, 1);
  const names = first.split(/[,\t]/);
  const isHeader = names.length > 1 && names.every((name) => nameLike.test(name.trim()));
  return isHeader || /^\{.*\}\s*$/.test(first) || /^__label__\S/m.test(beginning);
}
