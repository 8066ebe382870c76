// Text from a trained network, character by character.
import type { Predictor } from '../backend/engine.ts';
import { rare, type Vocabulary } from '../training/vocabulary.ts';

export interface SampleOptions {
  /** Characters to write. */
  readonly length: number;
  /** Divides the logits: below 1 the likely gets likelier; 0 always takes the likeliest. */
  readonly temperature: number;
  /** Numbers in [0, 1). */
  readonly random: () => number;
}

/** The prompt is read and not repeated. */
export function* sample(
  predictor: Predictor,
  vocabulary: Vocabulary,
  prompt: string,
  { length, temperature, random }: SampleOptions,
): Generator<string> {
  const state = predictor.initial();
  const logits = new Float32Array(vocabulary.size);
  for (const token of vocabulary.encode(prompt)) predictor.next(state, token, state, logits);
  for (let written = 0; written < length; written++) {
    // `rare` stands for no character in particular.
    logits[rare] = Number.NEGATIVE_INFINITY;
    const token = draw(logits, temperature, random);
    yield vocabulary.characters[token];
    predictor.next(state, token, state, logits);
  }
}

/** A token by softmax(logits / temperature). */
export function draw(logits: Float32Array, temperature: number, random: () => number): number {
  const most = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (temperature === 0) return logits.indexOf(most);
  const weights = Float64Array.from(logits, (logit) => Math.exp((logit - most) / temperature));
  let left = random() * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [token, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return token;
  }
  // Rounding only.
  return logits.indexOf(most);
}
