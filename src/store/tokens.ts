// Converts between the tokenizer of a model and its description in the manifest.

import { Tokenizer } from '../data/text/tokens/tokenizer.ts';
import { Vocabulary } from '../data/text/vocabulary.ts';
import type { Manifest } from './manifest.ts';

export function readTokenizer({ vocabulary, tokens }: Pick<Manifest, 'vocabulary' | 'tokens'>): Tokenizer {
  const { characters, rareKinds } = vocabulary;
  return new Tokenizer(tokens.kind, new Vocabulary(characters, rareKinds), tokens.longer);
}

export function writeTokenizer({
  kind,
  alphabet,
  longer,
}: Tokenizer): Pick<Manifest, 'vocabulary' | 'tokens'> {
  const { characters, rareKinds } = alphabet;
  return { vocabulary: { characters: [...characters], rareKinds }, tokens: { kind, longer: [...longer] } };
}
