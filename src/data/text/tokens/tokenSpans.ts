// Tokenizes a text and finds the offset of each token in it.

import { codePointAt } from '../surrogates.ts';
import { rare } from '../vocabulary.ts';
import type { Tokenizer } from './tokenizer.ts';

export interface Spelling {
  readonly tokens: Int32Array;
  /**
   * The offset at which each token begins, then that of the end of the last one, in UTF-16 units: one more than there
   * are tokens.
   */
  readonly offsets: Int32Array;
}

/** Returns the tokens of a text, and where each begins in it. */
export function spell(tokenizer: Pick<Tokenizer, 'symbols' | 'encode'>, text: string): Spelling {
  const tokens = tokenizer.encode(text);
  const offsets = new Int32Array(tokens.length + 1);
  for (const [index, token] of tokens.entries()) {
    const at = offsets[index];
    // Only a single character can be `rare`.
    const length =
      token === rare ? (codePointAt(text, at) > 0xffff ? 2 : 1) : tokenizer.symbols[token].length;
    offsets[index + 1] = at + length;
  }
  return { tokens, offsets };
}
