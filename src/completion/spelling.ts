// A text in the tokens of a model, and where each of them stands.
import { rare, type Vocabulary } from '../training/vocabulary.ts';

export interface Spelling {
  readonly tokens: Int32Array;
  /** Where each begins, and where the last ends: one more than there are tokens. In UTF-16 units. */
  readonly places: Int32Array;
}

export function spell(vocabulary: Pick<Vocabulary, 'characters' | 'encode'>, text: string): Spelling {
  const tokens = vocabulary.encode(text);
  const places = new Int32Array(tokens.length + 1);
  for (const [index, token] of tokens.entries()) {
    const at = places[index];
    // Only a character is ever rare.
    const length =
      token === rare ? (text.codePointAt(at)! > 0xffff ? 2 : 1) : vocabulary.characters[token].length;
    places[index + 1] = at + length;
  }
  return { tokens, places };
}
