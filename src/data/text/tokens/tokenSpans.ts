// Tokenizes a text and finds the place of each token in it.

import { rare } from '../vocabulary.ts';
import type { Tokenizer } from './tokenizer.ts';

export interface Spelling {
  readonly tokens: Int32Array;
  /**
   * The place at which each token begins, then the end of the last one, in UTF-16 units: one more than there
   * are tokens.
   */
  readonly places: Int32Array;
}

export function spell(tokenizer: Pick<Tokenizer, 'symbols' | 'encode'>, text: string): Spelling {
  const tokens = tokenizer.encode(text);
  const places = new Int32Array(tokens.length + 1);
  for (const [index, token] of tokens.entries()) {
    const at = places[index];
    // Only a single character can be `rare`.
    const length =
      token === rare ? (text.codePointAt(at)! > 0xffff ? 2 : 1) : tokenizer.symbols[token].length;
    places[index + 1] = at + length;
  }
  return { tokens, places };
}
