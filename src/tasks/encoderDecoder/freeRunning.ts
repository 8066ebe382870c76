// Lets an encoder-decoder write by itself, with greedy decoding, and measures it beside teacher forcing.
import type { TargetPredictor } from '../../backend/engine.ts';
import type { Pair } from '../../data/pairs/pairs.ts';
import { logProbabilitiesOf, written } from './decode.ts';

/** The target that a network has written for a source. */
export interface FreelyWritten {
  /** The tokens without the boundary. */
  readonly tokens: readonly number[];
  /**
   * The loss of each token of the true target and of its end, in nats, where the network reads what it has written
   * itself in between.
   */
  readonly nats: readonly number[];
}

/**
 * Writes the likeliest token at each step, which is read before the next one, until the network writes the boundary.
 * @param longest the most tokens that are written
 * @throws Problem where the network's predictions are not numbers
 */
export function writeFreely(
  predictor: TargetPredictor,
  { source, target }: Pair,
  { boundary, longest }: { readonly boundary: number; readonly longest: number },
): FreelyWritten {
  const encoded = predictor.encode(source);
  const state = predictor.initial(encoded);
  const logits = new Float32Array(predictor.outputs);
  const tokens: number[] = [];
  const nats: number[] = [];
  let hasEnded = false;
  for (let read = boundary; ; ) {
    predictor.next(encoded, state, read, state, logits);
    const logProbabilities = logProbabilitiesOf(logits);
    if (nats.length <= target.length) {
      const right = nats.length < target.length ? target[nats.length] : boundary;
      nats.push(-logProbabilities[right]);
    }
    written(logProbabilities);
    read = logProbabilities.indexOf(logProbabilities.reduce((a, b) => Math.max(a, b)));
    hasEnded ||= read === boundary || tokens.length >= longest;
    if (!hasEnded) tokens.push(read);
    if (hasEnded && nats.length > target.length) return { tokens, nats };
  }
}
