// Byte-pair encoding (Gage 1994; Sennrich et al. 2016) over characters: the most frequent pair becomes one
// symbol, again and again. A text is tokenized by the same merges, in the order in which they were learned.
import { PairCounts } from './pairCounts.ts';
import type { Tokenization } from './tokenization.ts';

/** The smallest count of a pair that is merged. */
const leastOften = 8;

export const pieces: Tokenization = {
  // A unit is a word or a run of punctuation marks with the space before it, one digit, since each digit is
  // news, or a run of white space without the space before a word. The limit of 64 characters bounds what a
  // merge has to rewrite.
  units: / ?[\p{L}\p{M}_]{1,64}|\p{N}| ?[^\p{L}\p{M}\p{N}_\s]{1,64}|\n|[^\S\n]{1,64}(?![^\s])|[^\S\n]/gu,
  learn,
  parts,
};

/** Returns the symbols in the order in which they are learned. The pair that was found first wins a tie. */
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

/** The rank of two parts that do not make a symbol. */
const none = Number.POSITIVE_INFINITY;

/**
 * Merges the neighbours that make the symbol of the lowest rank, everywhere in the unit, until no pair makes
 * one.
 */
function parts(unit: string, rank: ReadonlyMap<string, number>): string[] {
  const parts = [...unit];
  const rankAt = (at: number) => rank.get(parts[at] + parts[at + 1]) ?? none;
  /** The rank of each part with the one after it; a merge changes only those beside it. */
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
