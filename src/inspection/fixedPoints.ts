// Finds the fixed points of the dynamical system that a network is under one input: the states at which it comes to
// rest while it reads one token again and again (Sussillo & Barak 2013). Reading on finds those that attract, and not
// those that repel.
import type { Predictor } from '../backend/engine.ts';
import { readToken } from '../completion/ensemble/readToken.ts';

/** The most times that a token is read: a gated network of 128 units comes to rest in some 1,500. */
const mostReadings = 2000;

/** The largest change of a value, in relation to 1 + its size, of a state that is taken to be at rest. */
const tolerance = 1e-5;

export interface FixedPoint {
  readonly token: number;
  /** All that the network carries to the next step, [stateSize]. */
  readonly state: Float32Array;
}

/**
 * Returns the fixed point of each token where its state comes to rest; none for a token under which it goes
 * through a cycle, or moves on and on.
 * @param start the state from which all of them begin
 */
export function fixedPoints(
  predictor: Predictor,
  start: Float32Array,
  tokens: readonly number[],
): FixedPoint[] {
  const logits = new Float32Array(predictor.outputs);
  const next = new Float32Array(predictor.stateSize);
  return tokens.flatMap((token) => {
    const state = start.slice();
    for (let reading = 0; reading < mostReadings; reading++) {
      readToken(predictor, state, token, next, logits);
      const rests = next.every((value, i) => Math.abs(value - state[i]) <= tolerance * (1 + Math.abs(value)));
      state.set(next);
      if (rests) return [{ token, state }];
    }
    return [];
  });
}
