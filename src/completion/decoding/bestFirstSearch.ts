// Searches a tree of the likeliest continuations of a position, best first (Hart, Nilsson & Raphael 1968,
// without an estimate of the remaining cost).
import { rare } from '../../data/text/vocabulary.ts';
import type { Ensemble, EnsemblePosition } from '../ensemble/ensemble.ts';
import type { Pause } from '../stateCache/documentStates.ts';

export interface Continuation {
  /** The text from the cursor on. */
  readonly text: string;
  /** The probability that all of it comes. */
  readonly joint: number;
  /** The continuations by one more character, as far as they were explored. */
  readonly next: readonly Continuation[];
  /** The probability that nothing more comes, where a gap may end with it. */
  readonly ends?: number;
  /** Whether the search has ended before it could look further. */
  readonly isOpen?: boolean;
}

export interface Bounds {
  /** Returns whether the search has to end after so many steps of the network; what was found by then is kept. */
  isOver(steps: number): boolean;
  /** The probability below which a continuation is not explored. */
  readonly leastProbable: number;
  /** Returns whether a continuation may have this text; others are not explored. */
  allows(text: string): boolean;
}

/** A continuation that has not been expanded: its last token has not been read yet. */
interface Open {
  readonly continuation: Continuation & { next: Continuation[]; isOpen: boolean };
  readonly before: EnsemblePosition;
  readonly token: number;
}

/** Explores the likely continuations. @returns the empty continuation, which is the root of the tree */
export async function explore(
  model: Pick<Ensemble, 'vocabulary' | 'read' | 'predict'>,
  from: EnsemblePosition,
  { isOver, leastProbable, allows }: Bounds,
  pause: Pause,
): Promise<Continuation> {
  // A list suffices, as it stays short: the probabilities of its entries sum to at most 1.
  const open: Open[] = [];
  const lookInto = (continuation: Open['continuation'], position: EnsemblePosition) => {
    continuation.isOpen = false;
    const p = model.predict(position, leastProbable / continuation.joint);
    for (let token = rare + 1; token < p.length; token++) {
      const joint = continuation.joint * p[token];
      if (joint < leastProbable) continue;
      const text = continuation.text + model.vocabulary.characters[token];
      if (!allows(text)) continue;
      const further = { text, joint, next: [], isOpen: true };
      continuation.next.push(further);
      open.push({ continuation: further, before: position, token });
    }
  };
  const root = { text: '', joint: 1, next: [], isOpen: true };
  await pause();
  lookInto(root, from);
  for (let steps = 0; open.length > 0 && !isOver(steps); steps++) {
    await pause();
    const [{ continuation, before, token }] = open.splice(likeliest(open), 1);
    lookInto(continuation, model.read(before, token));
  }
  return root;
}

function likeliest(open: readonly Open[]): number {
  let best = 0;
  for (let at = 1; at < open.length; at++)
    if (open[at].continuation.joint > open[best].continuation.joint) best = at;
  return best;
}
