// What may come next, as a tree: the likeliest continuations of a position, looked into best first (Hart, Nilsson &
// Raphael 1968, without an estimate of what is left).
import { rare } from '../../data/text/vocabulary.ts';
import type { Ensemble, EnsemblePosition } from '../ensemble/ensemble.ts';
import type { Pause } from '../stateCache/documentStates.ts';

export interface Continuation {
  /** From the cursor to here. */
  readonly text: string;
  /** That all of it comes. */
  readonly joint: number;
  /** What may come after it, as far as it was looked into. */
  readonly next: readonly Continuation[];
}

export interface Bounds {
  /** Steps of the network, at most. */
  readonly steps: number;
  /** What is less probable is not looked into. */
  readonly leastProbable: number;
  /** What is not to be continued so is not looked into either. */
  allows(text: string): boolean;
}

/** A continuation that has not been looked into: its last token has not been read yet. */
interface Open {
  readonly continuation: Continuation & { next: Continuation[] };
  readonly before: EnsemblePosition;
  readonly token: number;
}

/** @returns the empty continuation, from which all others go on */
export async function explore(
  model: Pick<Ensemble, 'vocabulary' | 'read' | 'predict'>,
  from: EnsemblePosition,
  { steps, leastProbable, allows }: Bounds,
  pause: Pause,
): Promise<Continuation> {
  // Few at a time: their probabilities add up to 1 at most.
  const open: Open[] = [];
  const lookInto = (continuation: Open['continuation'], position: EnsemblePosition) => {
    const p = model.predict(position);
    for (let token = rare + 1; token < p.length; token++) {
      const joint = continuation.joint * p[token];
      if (joint < leastProbable) continue;
      const text = continuation.text + model.vocabulary.characters[token];
      if (!allows(text)) continue;
      const further = { text, joint, next: [] };
      continuation.next.push(further);
      open.push({ continuation: further, before: position, token });
    }
  };
  const root = { text: '', joint: 1, next: [] };
  await pause();
  lookInto(root, from);
  for (let step = 1; step < steps && open.length > 0; step++) {
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
