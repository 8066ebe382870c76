// How much each token of a text surprises a model, and what it had expected instead.
import type { SequenceModel } from '../completion/ensemble/networkModel.ts';
import type { PassageReading } from '../completion/stateCache/passageStates.ts';

/** How many of the likeliest tokens are named. */
export const alternatives = 5;

export interface Surprise {
  /** -log₂ of the probability that it had. */
  readonly bits: number;
  /** Likeliest first; the token itself may be among them. */
  readonly expected: readonly { readonly token: number; readonly probability: number }[];
}

export function surpriseWalk<Position>(reading: SequenceModel<Position>): PassageReading<Position, Surprise> {
  return {
    begin: () => reading.begin(),
    read: (position, token) => reading.read(position, token),
    see: (before, token) => {
      const p = reading.predict(before);
      return { bits: -Math.log2(p[token]), expected: likeliest(p, alternatives) };
    },
  };
}

/** The `count` likeliest of `p`, in order. */
export function likeliest(p: ArrayLike<number>, count: number): { token: number; probability: number }[] {
  const found: { token: number; probability: number }[] = [];
  for (let token = 0; token < p.length; token++) {
    const probability = p[token];
    if (found.length === count && probability <= found[count - 1].probability) continue;
    let at = Math.min(found.length, count - 1);
    for (; at > 0 && found[at - 1].probability < probability; at--) found[at] = found[at - 1];
    found[at] = { token, probability };
  }
  return found;
}
