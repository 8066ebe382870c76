// Samples text from a trained network, token by token.
import type { Predictor } from '../../backend/engine.ts';
import { normalise } from '../../data/text/corpus.ts';
import type { Tokenizer } from '../../data/text/tokens/tokenizer.ts';
import { rare } from '../../data/text/vocabulary.ts';
import { readToken } from '../ensemble/readToken.ts';

export interface DrawOptions {
  /**
   * The divisor of the logits: below 1, likely tokens become likelier; at 0, the likeliest is always taken.
   */
  readonly temperature: number;
  /** The number of likeliest tokens that are drawn from (Fan et al. 2018); 0 means all. */
  readonly topK?: number;
  /**
   * The probability that the likeliest tokens that are drawn from have together (Holtzman et al. 2020); 1
   * means all.
   */
  readonly topP?: number;
  /** Returns numbers in [0, 1). */
  readonly random: () => number;
}

export interface SampleOptions extends DrawOptions {
  /** The least number of characters to write; the last token is written whole. */
  readonly length: number;
  /**
   * The order in which the network reads, forward by default. A backward network writes the text from its
   * end.
   */
  readonly direction?: 'forward' | 'backward';
}

/**
 * Returns the prompt in tokens, in the order in which the network reads them. Its line ends are normalised as
 * in training. An empty prompt becomes the end of a line, since a text begins after one.
 */
export function promptTokens(
  tokenizer: Pick<Tokenizer, 'encode'>,
  prompt: string,
  direction: 'forward' | 'backward',
): Int32Array {
  const tokens = tokenizer.encode(normalise(prompt) || '\n');
  return direction === 'backward' ? tokens.reverse() : tokens;
}

/**
 * Samples text after a prompt, which is read and not repeated.
 * @throws Problem where the network's predictions are not numbers
 */
export function* sample(
  predictor: Predictor,
  tokenizer: Tokenizer,
  prompt: string,
  { length, direction = 'forward', ...options }: SampleOptions,
): Generator<string> {
  const state = predictor.initial();
  const logits = new Float32Array(tokenizer.size);
  for (const token of promptTokens(tokenizer, prompt, direction))
    readToken(predictor, state, token, state, logits);
  let written = 0;
  for (const { token } of sampleTokens(predictor, state, logits, options)) {
    const text = tokenizer.symbols[token];
    yield text;
    written += text.length;
    if (written >= length) return;
  }
}

/** A token that was drawn, and −log₂ of the probability that the network gave to it. */
export interface Drawn {
  readonly token: number;
  readonly surprise: number;
}

/**
 * Draws tokens without end, each of which is read before the next one.
 * @param state the state after the last token that was read; it changes
 * @param logits those of the first token to draw; they change
 * @throws Problem where the network's predictions are not numbers
 */
export function* sampleTokens(
  predictor: Predictor,
  state: Float32Array,
  logits: Float32Array,
  options: DrawOptions,
): Generator<Drawn> {
  for (;;) {
    // `rare` stands for no particular character, so it is never drawn.
    logits[rare] = Number.NEGATIVE_INFINITY;
    const token = draw(logits, options);
    yield { token, surprise: surpriseOf(logits, token) };
    readToken(predictor, state, token, state, logits);
  }
}

/** Returns −log₂ of the probability that softmax(logits) gives to a token. */
export function surpriseOf(logits: Float32Array, token: number): number {
  const most = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - most);
  return (Math.log(sum) + most - logits[token]) / Math.LN2;
}

/** Draws a token from softmax(logits / temperature), restricted by `topK` and `topP`. */
export function draw(logits: Float32Array, { temperature, topK = 0, topP = 1, random }: DrawOptions): number {
  const most = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (temperature === 0) return logits.indexOf(most);
  const weights = Float64Array.from(logits, (logit) => Math.exp((logit - most) / temperature));
  if (topK > 0 || topP < 1) cut(weights, topK || weights.length, topP);
  let left = random() * sumOf(weights);
  for (const [token, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return token;
  }
  // This is reached only by rounding.
  return logits.indexOf(most);
}

/** Sets the weights of all but the likeliest tokens to 0. */
function cut(weights: Float64Array, topK: number, topP: number): void {
  const ranked = [...weights.keys()].sort((a, b) => weights[b] - weights[a]);
  let left = topP * sumOf(weights);
  for (const [rank, token] of ranked.entries()) {
    if (rank > 0 && (rank >= topK || left <= 0)) weights[token] = 0;
    else left -= weights[token];
  }
}

const sumOf = (weights: Float64Array): number => weights.reduce((sum, weight) => sum + weight, 0);
