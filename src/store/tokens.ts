// Converts between the tokenizer of a model and its description in the manifest.

import { Tokenizer } from '../data/text/tokens/tokenizer.ts';
import { Vocabulary } from '../data/text/vocabulary.ts';
import type { Manifest, ManifestOfTokens } from './manifest.ts';

type Described = Pick<ManifestOfTokens, 'vocabulary' | 'tokens'>;

/** Returns whether a model reads tokens, and not numbers. */
export const readsTokens = (manifest: Manifest): manifest is ManifestOfTokens =>
  manifest.vocabulary !== null && manifest.tokens !== null;

/** Makes the tokenizer that a manifest describes. */
export function readTokenizer({ vocabulary, tokens }: Described): Tokenizer {
  const { characters, rareKinds } = vocabulary;
  return new Tokenizer(tokens.kind, new Vocabulary(characters, rareKinds), tokens.longer);
}

/** Describes a tokenizer for a manifest. */
export function writeTokenizer({ kind, alphabet, longer }: Tokenizer): Described {
  const { characters, rareKinds } = alphabet;
  return { vocabulary: { characters: [...characters], rareKinds }, tokens: { kind, longer: [...longer] } };
}
