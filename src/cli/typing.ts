// Simulated typing: how many keys a suggestion at every place would have saved. Where the text that is to be typed
// begins with the whole suggestion, one key accepts it; elsewhere the next character is typed.
import { performance } from 'node:perf_hooks';

/** The end of a text that is typed, at most, and the share of the text that it is, at most. */
const longestHeld = 8000;
const heldShare = 0.1;

/** One character is typed as fast as accepted, and is not counted as shown. */
const shortest = 2;

export interface Typist {
  suggest(): Promise<string>;
  /** A character that stands there now, typed or accepted. */
  read(character: string): void;
  /** Between two keys. */
  rest?(): void;
}

export interface Typed {
  readonly characters: number;
  /** 1 - keys / characters */
  readonly saved: number;
  /** Share of what was shown that was accepted. */
  readonly precision: number;
  /** Milliseconds that half, and nineteen of twenty, suggestions took at most. */
  readonly p50ms: number;
  readonly p95ms: number;
}

export function split(text: string): { before: string; held: string } {
  const at = text.length - Math.min(longestHeld, Math.floor(text.length * heldShare));
  return { before: text.slice(0, at), held: text.slice(at) };
}

export async function type(held: string, typist: Typist): Promise<Typed> {
  let keys = 0;
  let shown = 0;
  let accepted = 0;
  const times: number[] = [];
  for (let at = 0; at < held.length; keys++) {
    const asked = performance.now();
    const suggestion = await typist.suggest();
    times.push(performance.now() - asked);
    let length = 1;
    if (suggestion.length >= shortest) {
      shown++;
      if (held.startsWith(suggestion, at)) {
        accepted++;
        length = suggestion.length;
      }
    }
    for (const character of held.slice(at, at + length).split('')) typist.read(character);
    typist.rest?.();
    at += length;
  }
  times.sort((a, b) => a - b);
  return {
    characters: held.length,
    saved: 1 - keys / held.length,
    precision: shown > 0 ? accepted / shown : 0,
    p50ms: times[Math.floor(times.length * 0.5)],
    p95ms: times[Math.floor(times.length * 0.95)],
  };
}
