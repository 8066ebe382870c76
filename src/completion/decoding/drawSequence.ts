// Draws a sequence from a decoder, token by token: another one each time, where a beam finds the likeliest alone.
import type { DecodedSequence, SequenceDecoder } from './beamSearch.ts';
import { type DrawOptions, draw } from './sampling.ts';

/**
 * @param longest the most tokens of the sequence, whose end is missing where it takes all of them
 * @returns the sequence with the probabilities that the decoder gives, whatever the temperature
 */
export function drawSequence<State>(
  decoder: SequenceDecoder<State>,
  { longest, ...options }: DrawOptions & { readonly longest: number },
): Omit<DecodedSequence, 'score'> {
  const tokens: number[] = [];
  const logProbabilities: number[] = [];
  let step = decoder.start();
  for (;;) {
    const token = draw(Float32Array.from(step.logProbabilities), options);
    logProbabilities.push(step.logProbabilities[token]);
    if (token === decoder.end) break;
    tokens.push(token);
    if (tokens.length >= longest) break;
    step = decoder.next(step.state, token);
  }
  return { tokens, logProbabilities, logProbability: logProbabilities.reduce((sum, each) => sum + each, 0) };
}
