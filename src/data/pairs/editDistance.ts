/**
 * Returns the least number of characters that are inserted, deleted and replaced to make one text of another (Levenshtein
 * 1966), by dynamic programming (Wagner & Fischer 1974).
 */
export function editDistance(from: string, to: string): number {
  const target = [...to];
  let row = Array.from({ length: target.length + 1 }, (_, index) => index);
  for (const character of from) {
    const next = [row[0] + 1];
    for (const [index, each] of target.entries())
      next.push(Math.min(next[index] + 1, row[index + 1] + 1, row[index] + (each === character ? 0 : 1)));
    row = next;
  }
  return row[target.length];
}

/**
 * Returns the character error rate: the edits that make the written texts right, by the number of characters of the
 * right ones. It may be above 1.
 */
export function characterErrorRate(
  pairs: Iterable<{ readonly written: string; readonly right: string }>,
): number {
  let [edits, characters] = [0, 0];
  for (const { written, right } of pairs) {
    edits += editDistance(written, right);
    characters += [...right].length;
  }
  return edits / characters;
}
