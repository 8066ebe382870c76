// Decides what to show as ghost text at a position, if anything, and finds alternatives where they are asked
// for.
import type { EnsemblePosition } from '../ensemble/ensemble.ts';
import type { Pause } from '../stateCache/documentStates.ts';
import { type Continuation, explore } from './bestFirstSearch.ts';
import { isVisible, type Terms, type Weighed, weigh } from './expectedUtility.ts';
import { endsWell, endsWord, fitBefore } from './fitInLine.ts';
import { exploreGap, type GapModel, longestSuffix } from './gapSearch.ts';
import { SearchTime } from './searchTime.ts';

export interface SuggestOptions {
  /** The text after the cursor on its line. */
  readonly after: string;
  /** The share of the shown suggestions that is to be right. */
  readonly confidence: number;
  /** The cost of reading a suggestion, in keys; it is 0 for suggestions that are explicitly asked for. */
  readonly reading: number;
  /** The greatest length of a suggestion, in characters. */
  readonly maxLength: number;
  /** The greatest number of suggestions. More than one are explicitly asked for, and may be less certain. */
  readonly count: number;
}

/** The default values of the settings with these names. */
export const suggestionDefaults = { confidence: 0.52, reading: 0.25, maxLength: 100 } as const;

export interface Suggestion {
  readonly text: string;
  readonly probability: number;
}

/**
 * The probabilities below which continuations are not explored; the limit is lower where alternatives are
 * asked for.
 */
const leastProbable = { single: 0.13, alternatives: 0.02 } as const;

/**
 * Returns the continuation that saves most keys, if one does, and alternatives that branch off from it.
 * @param price the price in keys of one more wrong suggestion, see expectedUtility.ts; alternatives cost
 * nothing
 * @param now returns the time in milliseconds, by which the search ends
 * @returns the suggestions, best first, none of which begins another
 */
export async function suggest(
  model: GapModel,
  from: EnsemblePosition,
  { after, confidence, reading, maxLength, count }: SuggestOptions,
  price: number,
  pause: Pause,
  now: () => number,
): Promise<Suggestion[]> {
  const isGap = isFollowed(after);
  // A suggestion may go beyond the end of one line, but not before text after the cursor, which stays in its
  // line.
  const lines = isGap ? 1 : 2;
  const allows = (text: string) =>
    text.length <= maxLength && text.split('\n').length <= lines && text.isWellFormed();
  const asked = count > 1;
  const time = new SearchTime(now, asked ? 'asking' : 'typing');
  const least = asked ? leastProbable.alternatives : leastProbable.single;
  const isOver = (steps: number) => time.isOver(steps);
  const explored = isGap
    ? await exploreGap(model, from, beginningOf(after, model), { isOver, allows }, pause)
    : await explore(model, from, { isOver, leastProbable: least, allows }, pause);
  const canEnd = (to: Continuation) => endsWell(to) && endsWord(to);
  const cost = asked ? { price: 0, reading: 0 } : { price, reading };
  const root = weigh(explored, { confidence, ...cost, canEnd });
  if (!root.show) return [];
  const shown = asked ? alternatives(root, root.show, count, canEnd) : [root.show];
  return shown
    .map(({ text, joint }) => ({ text: fitBefore(text, after), probability: joint }))
    .filter(({ text }) => isVisible(text))
    .filter(({ text }, at, all) => !all.some((other, before) => before < at && begin(text, other.text)));
}

/** Returns whether there is a gap at the cursor: text follows on its line. */
export const isFollowed = (after: string): boolean => after.trim() !== '';

/** Returns the tokens of the suffix that are read. A character has at most two UTF-16 units. */
const beginningOf = (after: string, { vocabulary }: GapModel): Int32Array =>
  vocabulary.encode(after.slice(0, 2 * longestSuffix)).subarray(0, longestSuffix);

/**
 * Finds alternatives, each where it branches off from those that are taken already, by the keys that it saves
 * from there on.
 */
function alternatives(root: Weighed, best: Weighed, count: number, canEnd: Terms['canEnd']): Weighed[] {
  const taken = [best];
  const isTaken = ({ text }: Weighed) => taken.some((each) => each.text.startsWith(text));
  while (taken.length < count) {
    let most = 0;
    let next: Weighed | null = null;
    const visit = (at: Weighed) => {
      for (const to of at.next) {
        if (isTaken(to)) {
          visit(to);
          continue;
        }
        const end = to.show ?? to;
        const saved = end.joint * (end.text.length - at.text.length);
        if (saved <= most || !isVisible(end.text) || !canEnd(end)) continue;
        if (!taken.some(({ text }) => end.text.startsWith(text))) [most, next] = [saved, end];
      }
    };
    visit(root);
    if (!next) break;
    taken.push(next);
  }
  return taken;
}

/** Returns whether one text is the beginning of the other. */
const begin = (a: string, b: string) => a.startsWith(b) || b.startsWith(a);
