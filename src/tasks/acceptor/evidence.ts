// Finds which tokens of a row spoke for its class.
import type { Architecture, Engine, Weights } from '../../backend/engine.ts';
import { gradientTimesInput, tokensApart } from '../gradientTimesInput.ts';

/**
 * Returns for each token the derivative of its row's log-probability of a class with respect to a factor of the
 * token's input at 1, in nats: positive where the token spoke for the class.
 * @param tokens at least one
 */
export const evidenceOf = (
  engine: Engine,
  model: { readonly architecture: Architecture; readonly weights: Weights },
  tokens: Int32Array,
  target: number,
): Float64Array => gradientTimesInput(engine, tokensApart(model, tokens), target);
