// Text from a trained network, token by token.
import type { Predictor } from '../../backend/engine.ts';
import { normalise } from '../../data/text/corpus.ts';
import type { Tokenizer } from '../../data/text/tokens/tokenizer.ts';
import { rare } from '../../data/text/vocabulary.ts';
import { readToken } from '../ensemble/readToken.ts';

export interface DrawOptions {
  /** Divides the logits: below 1 the likely gets likelier; 0 always takes the likeliest. */
  readonly temperature: number;
  /** Only so many of the likeliest are drawn from (Fan et al. 2018); 0 is all. */
  readonly topK?: number;
  /** Only the likeliest are drawn from that together have this probability (Holtzman et al. 2020); 1 is all. */
  readonly topP?: number;
  /** Numbers in [0, 1). */
  readonly random: () => number;
}

export interface SampleOptions extends DrawOptions {
  /** Characters to write, at least: the last token is written whole. */
  readonly length: number;
  /** In which the network reads: backward, it writes the text from its end. Forward where nothing is said. */
  readonly direction?: 'forward' | 'backward';
}

/**
 * The prompt in tokens, in the order in which the network reads them. Its line ends become those that a training
 * reads, and an empty prompt is the end of a line: a text begins after one.
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
 * The prompt is read and not repeated.
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
  for (let written = 0; written < length; ) {
    // `rare` stands for no character in particular.
    logits[rare] = Number.NEGATIVE_INFINITY;
    const token = draw(logits, options);
    const text = tokenizer.symbols[token];
    yield text;
    written += text.length;
    readToken(predictor, state, token, state, logits);
  }
}

/** A token by softmax(logits / temperature), or by what `topK` and `topP` leave of it. */
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
  // Rounding only.
  return logits.indexOf(most);
}

/** To 0 what is not among the likeliest. */
function cut(weights: Float64Array, topK: number, topP: number): void {
  const ranked = [...weights.keys()].sort((a, b) => weights[b] - weights[a]);
  let left = topP * sumOf(weights);
  for (const [rank, token] of ranked.entries()) {
    if (rank > 0 && (rank >= topK || left <= 0)) weights[token] = 0;
    else left -= weights[token];
  }
}

const sumOf = (weights: Float64Array): number => weights.reduce((sum, weight) => sum + weight, 0);
