// Measures how much each token of a text surprises a model, and what the model expected instead.
import type { SequenceModel } from '../completion/ensemble/networkModel.ts';
import type { PassageReading } from '../completion/stateCache/passageStates.ts';

/** The number of likeliest tokens that are given. */
export const alternatives = 5;

export interface Surprise {
  /** -log₂ of the token's probability. */
  readonly bits: number;
  /** The likeliest tokens, in descending order; the token itself may be among them. */
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

/** Returns the `count` likeliest tokens of `p`, in descending order. */
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
