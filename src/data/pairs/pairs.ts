// A source and a target as tokens. Both have vocabularies of their own.
import type { StoredPairs } from '../../protocol/task.ts';
import { isNumber } from '../series/numberTable.ts';
import { type Standardisation, standardise } from '../series/standardisation.ts';
import { rare, Vocabulary } from '../text/vocabulary.ts';
import { numbersOf } from './numbers.ts';

/**
 * A source is read as its characters; or as one token where it is one of a few categories (one-to-many;
 * Karpathy 2015); or one vector of numbers, which are standardised by the training part.
 */
export type SourceTokens =
  | { readonly kind: 'characters'; readonly vocabulary: Vocabulary }
  | { readonly kind: 'category'; readonly categories: readonly string[] }
  | { readonly kind: 'numbers'; readonly standardisation: readonly Standardisation[] };

/** The tokens of both sides of a pair. */
export interface PairVocabularies {
  readonly source: SourceTokens;
  /** The characters of the targets, after which comes the boundary. */
  readonly target: Vocabulary;
}

/** A row as it is learned. Where sources are numbers, the one token of a source is the index of its numbers. */
export interface Pair {
  readonly source: Int32Array;
  /** The target without its boundary. */
  readonly target: Int32Array;
}

/** Returns the number of different tokens of sources, or the number of numbers of each. */
function sourceSize(source: SourceTokens): number {
  if (source.kind === 'characters') return source.vocabulary.size;
  return source.kind === 'category' ? source.categories.length : source.standardisation.length;
}

/** Returns what the encoder reads: so many different tokens, or a vector of so many numbers. */
export const sourceInputs = (
  source: SourceTokens,
): { readonly inputs: number; readonly input?: 'numbers' } => ({
  inputs: sourceSize(source),
  ...(source.kind === 'numbers' && { input: source.kind }),
});

/** Whether a source, such as a category, has many targets, of which none is the right one. */
export const isOneToMany = ({ kind }: Pick<SourceTokens, 'kind'>): boolean => kind !== 'characters';

/** Returns the number of tokens of the decoder: those of the targets, and the boundary. */
export const targetSize = ({ size }: Vocabulary): number => size + 1;

/**
 * Returns the token that the decoder reads before a target and writes after it (Sutskever et al. 2014 call it
 * end-of-sentence).
 */
export const boundaryOf = ({ size }: Vocabulary): number => size;

/** The input that a network reads for a source. */
export interface SourceInput {
  /** The tokens, or the standardised numbers. */
  readonly read: Int32Array | Float32Array;
  /** The characters of it, or the category itself, that the training never saw; the cells that are no numbers. */
  readonly unseen: readonly string[];
}

/** Encodes a source. Nothing is read where it is a category that the training never saw, or not as many numbers. */
export function encodeSource(source: SourceTokens, text: string): SourceInput {
  if (source.kind === 'numbers') {
    const { standardisation } = source;
    const numbers = numbersOf(text);
    if (numbers?.length === standardisation.length)
      return { read: standardise(numbers, standardisation), unseen: [] };
    const cells = text.split('\t').map((cell) => cell.trim());
    return { read: new Float32Array(), unseen: cells.filter((cell) => !isNumber(cell)) };
  }
  if (source.kind === 'category') {
    const token = source.categories.indexOf(text.trim());
    return token < 0
      ? { read: new Int32Array(), unseen: [text.trim()] }
      : { read: Int32Array.of(token), unseen: [] };
  }
  const { vocabulary } = source;
  const unseen = new Set([...text].filter((character) => vocabulary.token(character) === rare));
  return { read: vocabulary.encode(text), unseen: vocabulary.rareKinds > 1 ? [] : [...unseen] };
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
      source.kind !== 'characters'
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
    source: source.kind !== 'characters' ? source : { kind: source.kind, ...charactersOf(source.vocabulary) },
    target: charactersOf(target),
  };
}
