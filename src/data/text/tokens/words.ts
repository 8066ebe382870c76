// Tokenizes a text into words: identifiers, numbers, runs of white space and of one punctuation mark. A word
// that is too rare for a symbol of its own is spelt in characters.
import type { Tokenization } from './tokenization.ts';

/** The smallest count of a word with a symbol of its own; the row of a rarer one would never be learned. */
const leastOften = 8;

export const words: Tokenization = {
  units:
    /[\p{L}\p{M}_][\p{L}\p{M}\p{N}_]{0,31}|\p{N}{1,32}|\n|[^\S\n]{1,32}|([^\p{L}\p{M}\p{N}_\s])\1{0,31}/gu,
  learn: (units, most) =>
    [...units]
      .filter(([unit, count]) => count >= leastOften && [...unit].length > 1)
      .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
      .slice(0, most)
      .map(([unit]) => unit),
  parts: (unit, rank) => (rank.has(unit) ? [unit] : [...unit]),
};
