// A position in a text → what to show as ghost text, or nothing.
import type { Predictor } from '../backend/engine.ts';
import { rare, type Vocabulary } from '../training/vocabulary.ts';
import type { Pause, Position } from './trail.ts';

export interface SuggestOptions {
  /** What stands after the cursor on its line. */
  readonly after: string;
  /** Joint probability of the whole suggestion, at least. */
  readonly confidence: number;
  /** Characters, at most. */
  readonly maxLength: number;
}

export interface Suggestion {
  /** Empty where nothing earns to be shown. */
  readonly text: string;
  readonly probability: number;
}

/** One character is typed as fast as accepted. */
const minimumLength = 2;

const nothing: Suggestion = { text: '', probability: 0 };

/** The most probable continuation, character by character, to the end of the line at the most. */
export async function suggest(
  predictor: Predictor,
  vocabulary: Vocabulary,
  from: Position,
  { after, confidence, maxLength }: SuggestOptions,
  pause: Pause,
): Promise<Suggestion> {
  const state = from.state.slice();
  const logits = from.logits.slice();
  let text = '';
  let probability = 1;
  while (text.length < maxLength) {
    const [token, p] = likeliest(logits);
    const character = vocabulary.characters[token];
    if (token === rare || character === '\n' || probability * p < confidence) break;
    text += character;
    probability *= p;
    await pause();
    predictor.next(state, token, state, logits);
  }
  text = withoutWhatFollows(text, after);
  return text.trim().length > 0 && text.length >= minimumLength ? { text, probability } : nothing;
}

/** Accepting must not double what stands after the cursor, such as a closing bracket. */
export function withoutWhatFollows(text: string, after: string): string {
  for (let length = Math.min(text.length, after.length); length > 0; length--) {
    const at = text.length - length;
    const midWord = wordCharacter.test(text[at]) && at > 0 && wordCharacter.test(text[at - 1]);
    if (!midWord && text.endsWith(after.slice(0, length))) return text.slice(0, at);
  }
  return text;
}

/** `max` before `x` does not repeat the x. */
const wordCharacter = /[\p{L}\p{N}_]/u;

/** The most probable token and its probability (softmax of the logits). */
function likeliest(logits: Float32Array): [token: number, probability: number] {
  let best = 0;
  for (let token = 1; token < logits.length; token++) if (logits[token] > logits[best]) best = token;
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - logits[best]);
  return [best, 1 / sum];
}
