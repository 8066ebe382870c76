// Makes a decoder for beam search of a network that predicts a target token by token.
import type { EncodedSource, TargetPredictor } from '../../backend/engine.ts';
import type { DecoderStep, SequenceDecoder } from '../../completion/decoding/beamSearch.ts';
import { rare } from '../../data/text/vocabulary.ts';
import { Problem } from '../../protocol/problem.ts';

/**
 * Returns a decoder of the target of a source.
 * @param boundary the token that begins and ends a target
 * @param given the first tokens of the target, which are not to be decoded
 * @throws Problem from its steps, where the network's predictions are not numbers
 */
export function decoderOf(
  predictor: TargetPredictor,
  source: EncodedSource,
  boundary: number,
  given: readonly number[] = [],
): SequenceDecoder<Float32Array> {
  const logits = new Float32Array(predictor.outputs);
  function read(before: Float32Array, token: number): DecoderStep<Float32Array> {
    const state = new Float32Array(predictor.stateSize);
    predictor.next(source, before, token, state, logits);
    return { state, logProbabilities: written(logProbabilitiesOf(logits)) };
  }
  return {
    end: boundary,
    start: () =>
      given.reduce(({ state }, token) => read(state, token), read(predictor.initial(source), boundary)),
    next: read,
  };
}

/**
 * Returns where the decoder looks while it writes a target (Bahdanau et al. 2015, figure 3): for each token and the
 * boundary, the weight of each position of the source, [tokens + 1][positions]. Of several vectors of attention it is the
 * mean. Null where the decoder has none.
 */
export function alignmentOf(
  predictor: TargetPredictor,
  source: EncodedSource,
  boundary: number,
  tokens: readonly number[],
): number[][] | null {
  const vectors = predictor.attention.length;
  if (vectors === 0) return null;
  const { positions } = source;
  const state = predictor.initial(source);
  const logits = new Float32Array(predictor.outputs);
  const weights = new Float32Array(vectors * positions);
  return [boundary, ...tokens].map((token) => {
    predictor.next(source, state, token, state, logits, weights);
    return Array.from({ length: positions }, (_, position) => {
      let sum = 0;
      for (let vector = 0; vector < vectors; vector++) sum += weights[vector * positions + position];
      return sum / vectors;
    });
  });
}

/** The token of rare characters stands for none in particular, so that it is never written. */
export function written(logProbabilities: Float32Array): Float32Array {
  logProbabilities[rare] = Number.NEGATIVE_INFINITY;
  return logProbabilities;
}

/**
 * Returns the logarithms of softmax(logits).
 * @throws Problem where the logits are not numbers
 */
export function logProbabilitiesOf(logits: Float32Array): Float32Array {
  const most = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (!Number.isFinite(most)) throw new Problem(notNumbers);
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - most), 0);
  if (!Number.isFinite(sum)) throw new Problem(notNumbers);
  const least = most + Math.log(sum);
  return logits.map((logit) => logit - least);
}

const notNumbers =
  'The weights of this model are damaged: what it computes is no number. Train the model again.';
