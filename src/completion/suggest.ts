// A position in a text → what to show as ghost text, or nothing.
import { rare } from '../training/vocabulary.ts';
import type { LanguageModel, Position } from './languageModel.ts';
import type { Pause } from './trail.ts';
import { bestLength, shortest } from './worth.ts';

export interface SuggestOptions {
  /** What stands after the cursor on its line. */
  readonly after: string;
  /** Share of what is shown that is to be right. */
  readonly confidence: number;
  /** Characters, at most. */
  readonly maxLength: number;
}

/** Of the settings with these names. */
export const suggestionDefaults = { confidence: 0.52, maxLength: 100 } as const;

export interface Suggestion {
  /** Empty where nothing earns to be shown. */
  readonly text: string;
  readonly probability: number;
}

/** A continuation that is less probable than this is not looked into any further. */
const leastProbable = 0.1;

const nothing: Suggestion = { text: '', probability: 0 };

/**
 * The likeliest continuation, as far as it saves keys.
 * @param price in keys, of one suggestion more that is wrong, see worth.ts
 */
export async function suggest(
  model: Pick<LanguageModel, 'vocabulary' | 'read' | 'predict'>,
  from: Position,
  { after, confidence, maxLength }: SuggestOptions,
  price: number,
  pause: Pause,
): Promise<Suggestion> {
  const { characters } = model.vocabulary;
  const path: string[] = [];
  const probabilities: number[] = [];
  let joint = 1;
  for (let position = from; path.length < maxLength; ) {
    await pause();
    const p = model.predict(position);
    const token = likeliest(p);
    joint *= p[token];
    if (token === rare || joint < leastProbable) break;
    // Over the end of one line at most, and not before what stands after the cursor: that stays in its line.
    if (characters[token] === '\n' && (after.trim() !== '' || path.includes('\n'))) break;
    path.push(characters[token]);
    probabilities.push(p[token]);
    position = model.read(position, token);
  }
  const length = bestLength(probabilities, confidence, price);
  const text = withoutWhatFollows(path.slice(0, length).join(''), after);
  // An empty line cannot be seen; an indentation cannot either, but Tab is the key for it.
  if (text.length < shortest || (text.trim() === '' && text.includes('\n'))) return nothing;
  return { text, probability: probabilities.slice(0, length).reduce((product, p) => product * p, 1) };
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

function likeliest(p: Float64Array): number {
  let best = 0;
  for (let token = 1; token < p.length; token++) if (p[token] > p[best]) best = token;
  return best;
}
