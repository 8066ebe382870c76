// Decides at a glance whether a text is worth reading as a table. It does not import VS Code.

/** The names of files that hold tables. */
export const isTableName = (path: string): boolean => /\.(?:csv|tsv|tab|jsonl|ndjson)$/i.test(path);

/** The most columns of a column file that is divided by space: lines of prose have more words. */
const mostColumns = 6;

/**
 * Returns whether the first lines, up to a blank one, have the same few columns, as those of a column file do, or
 * all words of the first line have a tag behind a slash.
 */
function looksTagged(beginning: string): boolean {
  const [block] = beginning.split(/\r?\n\s*\n/, 1);
  const lines = block.split(/\r\n?|\n/).filter((line) => line !== '');
  const separator = lines[0]?.includes('\t') ? '\t' : ' ';
  const widths = new Set(lines.map((line) => line.trim().split(separator).length));
  const [width] = widths;
  const words = lines[0]?.trim().split(/\s+/) ?? [];
  return (
    (lines.length > 1 && widths.size === 1 && width > 1 && (separator === '\t' || width <= mostColumns)) ||
    (words.length > 1 && words.every((word) => /\S\/\S/.test(word)))
  );
}

/** The number of characters that are looked at. */
const glance = 10_000;

/** The names of columns: letters and what joins words, and not whole sentences or numbers. */
const nameLike = /^"?[\p{L}_][\p{L}\p{N}_ .()/-]{0,39}"?$/u;

/**
 * Returns whether a text may be a table: its first line has names of columns or is an object, some line has a
 * label of fastText, or its tokens may have tags. What it is in truth, a worker finds out.
 */
export function looksLikeRows(text: string): boolean {
  const beginning = text.slice(0, glance).trimStart();
  const [first] = beginning.split(/[\r\n]/, 1);
  const isHeader = [/[,\t]/, ';'].some((sign) => {
    const names = first.split(sign);
    return names.length > 1 && names.every((name) => nameLike.test(name.trim()));
  });
  return isHeader || looksTagged(beginning) || /^\{.*\}\s*$/.test(first) || /^__label__\S/m.test(beginning);
}
