// A text in the tokens of a model, and where each of them stands.

import { rare } from '../vocabulary.ts';
import type { Tokenizer } from './tokenizer.ts';

export interface Spelling {
  readonly tokens: Int32Array;
  /** Where each begins, and where the last ends: one more than there are tokens. In UTF-16 units. */
  readonly places: Int32Array;
}

export function spell(tokenizer: Pick<Tokenizer, 'symbols' | 'encode'>, text: string): Spelling {
  const tokens = tokenizer.encode(text);
  const places = new Int32Array(tokens.length + 1);
  for (const [index, token] of tokens.entries()) {
    const at = places[index];
    // Only a character is ever rare.
    const length =
      token === rare ? (text.codePointAt(at)! > 0xffff ? 2 : 1) : tokenizer.symbols[token].length;
    places[index + 1] = at + length;
  }
  return { tokens, places };
}
