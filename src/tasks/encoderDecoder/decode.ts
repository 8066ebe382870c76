// Makes a decoder for beam search of a network that predicts a target token by token.
import type { EncodedSource, TargetPredictor } from '../../backend/engine.ts';
import type { DecoderStep, SequenceDecoder } from '../../completion/decoding/beamSearch.ts';
import { rare } from '../../data/text/vocabulary.ts';
import { Problem } from '../../protocol/problem.ts';

/** A state of a decoder, and the weights of the positions of the source when its last token was read. */
export interface DecoderState {
  readonly values: Float32Array;
  /** [vectors of attention × positions] */
  readonly attention: Float32Array;
}

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
): SequenceDecoder<DecoderState> {
  const logits = new Float32Array(predictor.outputs);
  function read(before: Float32Array, token: number): DecoderStep<DecoderState> {
    const values = new Float32Array(predictor.stateSize);
    const attention = new Float32Array(predictor.attention.length * source.positions);
    predictor.next(source, before, token, values, logits, attention);
    return { state: { values, attention }, logProbabilities: written(logProbabilitiesOf(logits)) };
  }
  return {
    end: boundary,
    start: () =>
      given.reduce(
        ({ state: { values } }, token) => read(values, token),
        read(predictor.initial(source), boundary),
      ),
    next: ({ values }, token) => read(values, token),
  };
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
