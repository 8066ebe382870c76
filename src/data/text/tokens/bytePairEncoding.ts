// Byte-pair pieces (Gage 1994; Sennrich et al. 2016), over characters: the pair that is seen most often becomes one
// symbol, again and again. A text is tokenized by the same merges, in the order in which they were learned.
import { PairCounts } from './pairCounts.ts';
import type { Tokenization } from './tokenization.ts';

/** A pair that is seen less often than this stays two. */
const leastOften = 8;

export const pieces: Tokenization = {
  // A word with the space before it, marks likewise, digits one by one, as each of them is news; runs of space without
  // the last one before a word. Sixty-four characters at most bound what a merge has to rewrite.
  units: / ?[\p{L}\p{M}_]{1,64}|\p{N}| ?[^\p{L}\p{M}\p{N}_\s]{1,64}|\n|[^\S\n]{1,64}(?![^\s])|[^\S\n]/gu,
  learn,
  parts,
};

/** The symbols in the order in which they are learned. Of pairs that are seen equally often, the first found wins. */
function learn(units: ReadonlyMap<string, number>, most: number): string[] {
  const learned = new Set<string>();
  if (most === 0) return [];
  const counts = new PairCounts(units, leastOften);
  while (learned.size < most) {
    const symbol = counts.merge();
    if (symbol === null) break;
    learned.add(symbol);
  }
  return [...learned];
}

/** No pair of these parts makes a symbol. */
const none = Number.POSITIVE_INFINITY;

/** Merges the neighbours that make the symbol of the lowest rank, everywhere in the unit, until none make one. */
function parts(unit: string, rank: ReadonlyMap<string, number>): string[] {
  const parts = [...unit];
  const rankAt = (at: number) => rank.get(parts[at] + parts[at + 1]) ?? none;
  /** Of each part with the one after it; only those beside a merge change. */
  const ranks = parts.map((_, at) => (at + 1 < parts.length ? rankAt(at) : none));
  for (;;) {
    let first = 0;
    for (let at = 1; at < ranks.length; at++) if (ranks[at] < ranks[first]) first = at;
    const best = ranks[first];
    if (best === none || best === undefined) return parts;
    const [left, right] = [parts[first], parts[first + 1]];
    const isPair = (at: number) => ranks[at] === best && parts[at] === left && parts[at + 1] === right;
    let length = first;
    const changed: number[] = [];
    for (let at = first; at < parts.length; at++, length++) {
      const merges = isPair(at);
      parts[length] = merges ? left + right : parts[at];
      ranks[length] = ranks[at];
      if (merges) {
        changed.push(length - 1, length);
        at++;
        ranks[length] = none;
      }
    }
    parts.length = length;
    ranks.length = length;
    for (const at of changed) if (at >= 0) ranks[at] = at + 1 < length ? rankAt(at) : none;
  }
}
