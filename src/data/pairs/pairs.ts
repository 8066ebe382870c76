// A source and a target as tokens. Both have vocabularies of their own.
import type { StoredPairs } from '../../protocol/task.ts';
import { rare, Vocabulary } from '../text/vocabulary.ts';

/**
 * The tokens of a source: its characters, or one token for all of it where it is one of a few categories
 * (one-to-many; Karpathy 2015).
 */
export type SourceTokens =
  | { readonly kind: 'characters'; readonly vocabulary: Vocabulary }
  | { readonly kind: 'category'; readonly categories: readonly string[] };

export interface PairVocabularies {
  readonly source: SourceTokens;
  /** The characters of the targets, after which comes the boundary. */
  readonly target: Vocabulary;
}

/** A row as it is learned. */
export interface Pair {
  readonly source: Int32Array;
  /** The target without its boundary. */
  readonly target: Int32Array;
}

/** Returns the number of tokens that a source may have. */
export const sourceSize = (source: SourceTokens): number =>
  source.kind === 'characters' ? source.vocabulary.size : source.categories.length;

/** Returns the number of tokens of the decoder: those of the targets, and the boundary. */
export const targetSize = ({ size }: Vocabulary): number => size + 1;

/**
 * Returns the token that the decoder reads before a target and writes after it (Sutskever et al. 2014 call it
 * end-of-sentence).
 */
export const boundaryOf = ({ size }: Vocabulary): number => size;

/** A source as it is read. */
export interface EncodedSource {
  readonly tokens: Int32Array;
  /** The characters of it, or the category itself, that the training never saw. */
  readonly unseen: readonly string[];
}

/** Encodes a source. It has no tokens where it is a category that the training never saw. */
export function encodeSource(source: SourceTokens, text: string): EncodedSource {
  if (source.kind === 'category') {
    const token = source.categories.indexOf(text.trim());
    return token < 0
      ? { tokens: new Int32Array(), unseen: [text.trim()] }
      : { tokens: Int32Array.of(token), unseen: [] };
  }
  const { vocabulary } = source;
  const unseen = new Set([...text].filter((character) => vocabulary.token(character) === rare));
  return { tokens: vocabulary.encode(text), unseen: vocabulary.rareKinds > 1 ? [] : [...unseen] };
}

/** Returns the text of a target, in which U+FFFD stands for a character without a token of its own. */
export const decodeTarget = ({ characters }: Vocabulary, tokens: Iterable<number>): string =>
  Array.from(tokens, (token) => (token === rare ? '\uFFFD' : characters[token])).join('');

/** Returns the vocabularies that are kept with a model. */
export function readVocabularies({
  source,
  target,
}: Pick<StoredPairs, 'source' | 'target'>): PairVocabularies {
  return {
    source:
      source.kind === 'category'
        ? source
        : { kind: 'characters', vocabulary: new Vocabulary(source.characters, source.rareKinds) },
    target: new Vocabulary(target.characters, target.rareKinds),
  };
}

/** Returns the vocabularies as they are kept with a model. */
export function writeVocabularies({
  source,
  target,
}: PairVocabularies): Pick<StoredPairs, 'source' | 'target'> {
  const charactersOf = ({ characters, rareKinds }: Vocabulary) => ({ characters, rareKinds });
  return {
    source: source.kind === 'category' ? source : { kind: source.kind, ...charactersOf(source.vocabulary) },
    target: charactersOf(target),
  };
}
