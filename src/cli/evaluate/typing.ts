// Simulates typing and counts the keys that a suggestion at every place would have saved. If the rest of the
// text begins with the whole suggestion, one key accepts it; otherwise the next character is typed. A character is a
// code point everywhere: nobody types half of an emoji.
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';

/** The largest number of characters at a text's end that are typed, and their largest share of the text. */
const longestHeld = 8000;
const heldShare = 0.1;

/** The shortest suggestion that counts as shown; one character is typed as fast as it is accepted. */
export const shortest = 2;

export interface Typist {
  suggest(): Promise<string>;
  /** Reads a character that has been typed or accepted. */
  read(character: string): void;
  /** Does work, or waits, between two keys, which is not timed. */
  rest?(): void | Promise<void>;
  /** Whether the typist stops before the end. */
  isDone?(): boolean;
}

export interface TypingResult {
  /** The number of characters that were typed or accepted. */
  readonly characters: number;
  /** The share of keys saved: 1 - keys / characters. */
  readonly saved: number;
  /** The share of the suggestions shown that was accepted. */
  readonly precision: number;
  /** The number of suggestions shown for every 100 characters. */
  readonly shownPer100: number;
  /** The mean length of an accepted suggestion, in characters. */
  readonly charactersPerAccepted: number;
  /** The share of the accepted suggestions after which the text goes on within the same word. */
  readonly endsInsideWord: number;
  /** The median and the 95th percentile of the time of a suggestion, in milliseconds. */
  readonly p50ms: number;
  readonly p95ms: number;
}

export function split(text: string): { before: string; held: string } {
  const characters = [...text];
  const at = characters.length - Math.min(longestHeld, Math.floor(characters.length * heldShare));
  return { before: characters.slice(0, at).join(''), held: characters.slice(at).join('') };
}

export async function type(held: string, typist: Typist): Promise<TypingResult> {
  let keys = 0;
  let shown = 0;
  let accepted = 0;
  let acceptedCharacters = 0;
  let insideWord = 0;
  const times: number[] = [];
  const characters = [...held];
  let at = 0;
  for (; at < characters.length && !typist.isDone?.(); keys++) {
    const asked = performance.now();
    const suggestion = await typist.suggest();
    times.push(performance.now() - asked);
    const suggested = [...suggestion];
    let length = 1;
    if (suggested.length >= shortest) {
      shown++;
      if (goesOn(characters, at, suggested)) {
        accepted++;
        length = suggested.length;
        acceptedCharacters += length;
        if (isInsideWord(characters, at + length)) insideWord++;
      }
    }
    for (const character of characters.slice(at, at + length)) typist.read(character);
    await typist.rest?.();
    // A signal that came meanwhile is heard.
    await setImmediate();
    at += length;
  }
  times.sort((a, b) => a - b);
  return {
    characters: at,
    saved: at > 0 ? 1 - keys / at : 0,
    precision: shown > 0 ? accepted / shown : 0,
    shownPer100: at > 0 ? (100 * shown) / at : 0,
    charactersPerAccepted: accepted > 0 ? acceptedCharacters / accepted : 0,
    endsInsideWord: accepted > 0 ? insideWord / accepted : 0,
    p50ms: times[Math.floor(times.length * 0.5)],
    p95ms: times[Math.floor(times.length * 0.95)],
  };
}

/** Whether the characters from `at` on begin with these ones. */
export const goesOn = (characters: readonly string[], at: number, beginning: readonly string[]): boolean =>
  beginning.every((character, index) => character === characters[at + index]);

const isInsideWord = (text: readonly string[], at: number): boolean =>
  [text[at - 1], text[at]].every((character = '') => /[\p{L}\p{N}_]/u.test(character));
