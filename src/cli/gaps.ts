// Simulates the filling of gaps: how many keys suggestions save where text follows the cursor on its line.
import { random } from '../tape/random.ts';
import { shortest } from './typing.ts';

/** The lengths of gaps, and the least number of characters that are left behind one on its line. */
const leastGap = 4;
const mostGap = 30;
const leastAfter = 3;

/** The number of places that are drawn for each gap that is wanted, before it is given up. */
const tries = 100;

export interface Gap {
  readonly at: number;
  readonly length: number;
}

export interface Filled {
  /** The number of gaps, and of the characters in them. */
  readonly gaps: number;
  readonly characters: number;
  /** The share of keys saved, and that of the suggestions shown that was accepted, as in `Typed`. */
  readonly saved: number;
  readonly precision: number;
  /** The share of the gaps that a single suggestion filled before the first key. */
  readonly whole: number;
}

/** Draws gaps inside lines that begin with a word or a sign and end where one ends. */
export function drawGaps(held: string, count: number, seed = 1): Gap[] {
  const next = random(seed);
  const gaps: Gap[] = [];
  for (let left = tries * count; left > 0 && gaps.length < count; left--) {
    const at = Math.floor(next() * held.length);
    const length = leastGap + Math.floor(next() * (mostGap - leastGap + 1));
    const gap = held.slice(at, at + length);
    const [after] = held.slice(at + length).split('\n', 1);
    if (gap.includes('\n') || gap.trim().length < leastGap || after.trim().length < leastAfter) continue;
    if (isSpace(held[at]) || !isBoundary(held, at) || !isBoundary(held, at + length)) continue;
    gaps.push({ at, length });
  }
  return gaps;
}

/**
 * Types each gap of the text again, while all that stands before and after it is there. Nothing is learned in
 * between, so that the gaps are independent.
 * @param suggest returns what is shown between the two texts, or ''
 */
export async function fillGaps(
  suggest: (before: string, after: string) => Promise<string>,
  before: string,
  held: string,
  count: number,
): Promise<Filled> {
  let [characters, keys, shown, accepted, whole] = [0, 0, 0, 0, 0];
  const gaps = drawGaps(held, count);
  for (const { at, length } of gaps) {
    const gap = held.slice(at, at + length);
    for (let typed = 0; typed < length; keys++) {
      const suggestion = await suggest(before + held.slice(0, at + typed), held.slice(at + length));
      const isShown = suggestion.length >= shortest;
      const isRight = isShown && gap.startsWith(suggestion, typed);
      if (isShown) shown++;
      if (isRight) accepted++;
      if (isRight && suggestion.length === length) whole++;
      typed += isRight ? suggestion.length : 1;
    }
    characters += length;
  }
  return {
    gaps: gaps.length,
    characters,
    saved: characters > 0 ? 1 - keys / characters : 0,
    precision: shown > 0 ? accepted / shown : 0,
    whole: gaps.length > 0 ? whole / gaps.length : 0,
  };
}

const isSpace = (character = '\n') => /\s/.test(character);
const isWord = (character = '') => /\w/.test(character);

/** Whether a word, a sign or space ends before the place. */
const isBoundary = (text: string, at: number) =>
  isSpace(text[at - 1]) !== isSpace(text[at]) || isWord(text[at - 1]) !== isWord(text[at]);
