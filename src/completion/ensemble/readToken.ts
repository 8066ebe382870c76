// Reads a token with the network. Everything that shows predictions reads through here, so that none of them
// shows values that are not numbers.
import type { Predictor } from '../../backend/engine.ts';
import { Problem } from '../../protocol/problem.ts';

/**
 * Reads `token` in `state`, and writes the state after it and the logits of the next token, [V].
 * @throws Problem where a logit is infinite or NaN, since nothing can be drawn from such a prediction
 */
export function readToken(
  predictor: Predictor,
  state: Float32Array,
  token: number,
  nextState: Float32Array,
  logits: Float32Array,
): void {
  predictor.next(state, token, nextState, logits);
  for (let i = 0; i < logits.length; i++)
    if (!Number.isFinite(logits[i]))
      throw new Problem(
        'The network predicts nothing here: its values have grown beyond all numbers. Train it with a smaller `train.learningRate`, or keep the values of its cell in range with tanh, σ, clip or norm.',
      );
}
