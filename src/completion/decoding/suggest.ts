// A position in a text → what to show as ghost text, or nothing; and alternatives to it for who asks for them.
import type { Ensemble, EnsemblePosition } from '../ensemble/ensemble.ts';
import type { Pause } from '../stateCache/documentStates.ts';
import { type Continuation, explore } from './bestFirstSearch.ts';
import { isVisible, type Terms, type Weighed, weigh } from './expectedUtility.ts';
import { endsWell, fitBefore, isInsideWord } from './fitInLine.ts';

export interface SuggestOptions {
  /** What stands before the cursor, at least of its line. */
  readonly before: string;
  /** What stands after the cursor on its line. */
  readonly after: string;
  /** Share of what is shown that is to be right. */
  readonly confidence: number;
  /** Characters, at most. */
  readonly maxLength: number;
  /** Suggestions, at most. More than one are for who has asked: they may be less sure. */
  readonly count: number;
}

/** Of the settings with these names. */
export const suggestionDefaults = { confidence: 0.52, maxLength: 100 } as const;

export interface Suggestion {
  readonly text: string;
  readonly probability: number;
}

/** Steps of the network for one answer. More hardly find anything better, and take their time. */
const steps = 80;

/** What is less probable is not looked into; further down where alternatives are asked for. */
const leastProbable = { single: 0.13, alternatives: 0.02 } as const;

/**
 * The continuation that saves most keys, if one does, and others that part from it.
 * @param price in keys, of one suggestion more that is wrong, see worth.ts; who has asked for alternatives pays none
 * @returns best first, none of which begins another
 */
export async function suggest(
  model: Pick<Ensemble, 'vocabulary' | 'read' | 'predict'>,
  from: EnsemblePosition,
  { before, after, confidence, maxLength, count }: SuggestOptions,
  price: number,
  pause: Pause,
): Promise<Suggestion[]> {
  // Over the end of one line at most, and not before what stands after the cursor: that stays in its line.
  const lines = after.trim() === '' ? 2 : 1;
  const allows = (text: string) =>
    text.length <= maxLength && text.split('\n').length <= lines && text.isWellFormed();
  const asked = count > 1;
  if (!asked && isInsideWord(before, after)) return [];
  const least = asked ? leastProbable.alternatives : leastProbable.single;
  const explored = await explore(model, from, { steps, leastProbable: least, allows }, pause);
  const canEnd = (to: Continuation) => endsWell(to, after);
  const root = weigh(explored, { confidence, price: asked ? 0 : price, canEnd });
  if (!root.show) return [];
  const shown = asked ? alternatives(root, root.show, count, canEnd) : [root.show];
  return shown
    .map(({ text, joint }) => ({ text: fitBefore(text, after), probability: joint }))
    .filter(({ text }) => isVisible(text))
    .filter(({ text }, at, all) => !all.some((other, before) => before < at && begin(text, other.text)));
}

/** What else may come, each where it parts from all that is taken already, by the keys that it saves from there on. */
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

/** Whether one is the other's beginning. */
const begin = (a: string, b: string) => a.startsWith(b) || b.startsWith(a);
