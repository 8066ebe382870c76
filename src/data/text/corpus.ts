// Turns the text of an editor or a file into the tokens to train on and the held-out part.
import { Problem } from '../../protocol/problem.ts';
import { codePointAt } from './surrogates.ts';
import type { TokenKind } from './tokens/tokenization.ts';
import { Tokenizer } from './tokens/tokenizer.ts';
import type { Tokens } from './tokens/tokens.ts';
import { rare, Vocabulary } from './vocabulary.ts';

/**
 * The shortest text that can be trained on: less teaches a network nothing, and its held-out part measures
 * nothing.
 */
export const minimumCharacters = 400;

/**
 * The length up to which a text is in memory while it is trained on, and kept whole with its model. A longer one is read in
 * blocks (`blocks/longText.ts`).
 */
export const wholeCharacters = 10_000_000;

/**
 * The greatest length of the held-out part, which estimates the loss well enough; more would only cost time.
 */
export const maximumHeldOut = 16_000;

/** A text that is ready to be trained on. */
export interface Corpus {
  /** The characters of the text. */
  readonly vocabulary: Vocabulary;
  readonly tokenizer: Tokenizer;
  /** The number of characters of the text, in UTF-16 units. */
  readonly characters: number;
  /** The text in its own direction; of a long one, the end, which is all that is kept of it. */
  readonly text: string;
  /** The parts of `text` that are trained on and held out. */
  readonly trainText: string;
  readonly heldOutText: string;
  /** The digest of a text of which only the end is in `text`; null where all of it is. */
  readonly digest: string | null;
  /** The tokens to train on, in the order in which they are read. */
  readonly train: Tokens;
  /**
   * The tokens of the held-out part, in the order in which they are read. The validation loss is measured on
   * them.
   */
  readonly heldOut: Int32Array;
  readonly charactersPerToken: number;
  readonly direction: 'forward' | 'backward';
  readonly remarks: readonly string[];
  /**
   * The bits per character of the two baselines: guessing by each character's frequency in the whole text,
   * and guessing uniformly.
   */
  readonly unigram: number;
  readonly uniform: number;
}

/** A corpus whose tokens are in memory. */
export type WholeCorpus = Corpus & { readonly train: Int32Array };

/**
 * Normalises a text: line ends become \n and a byte-order mark is removed. The text before a cursor is
 * normalised in the same way. Half a surrogate pair becomes U+FFFD, which has the same length: UTF-8 cannot
 * encode the half, and the text that is learned must be the one that is stored. A normalised text stays as it
 * is.
 */
export function normalise(text: string): string {
  return normaliseWithin(text.replace(byteOrderMarks, ''));
}

/** The byte-order marks at the beginning of a text. */
export const byteOrderMarks = /^\uFEFF+/;

/** Normalises a text after its byte-order mark. */
export const normaliseWithin = (text: string): string => text.replace(/\r\n?/g, '\n').toWellFormed();

/** Returns the end of a normalised text, at most so many UTF-16 units, without half a character at its beginning. */
export const lastCharacters = (text: string, most: number): string =>
  text.slice(-most).replace(/^[\uDC00-\uDFFF]/, '');

/** Returns the end of a normalised text that may be in memory. */
export const wholeEnd = (text: string): string => lastCharacters(text, wholeCharacters);

/** Joins several documents into one text, separated by blank lines as paragraphs are. */
export function joinDocuments(documents: readonly string[]): string {
  if (documents.length === 1) return documents[0];
  return documents.map((document) => `${normalise(document).replace(/\n+$/, '')}\n`).join('\n');
}

/** The options on which the tokens of a text depend. */
export interface CorpusOptions {
  /** The order in which the network reads; if it is backward, the held-out part is the text's beginning. */
  readonly direction?: 'forward' | 'backward';
  /** The kind of the tokens, or the tokenizer that was learned earlier from the same text. */
  readonly tokens?: TokenKind | Tokenizer;
}

/** Reads a text as a corpus. @throws Problem when the text is empty, too short, or not text */
export function readCorpus(
  source: string,
  { direction = 'forward', tokens = 'characters' }: CorpusOptions = {},
): WholeCorpus {
  const text = normalise(source);
  if (text.includes('\0')) throw notText();
  checkLength(text.trim().length);
  const vocabulary = Vocabulary.of(text);
  const characters = vocabulary.encode(text);
  const held = heldOutLength(characters.length);
  const backward = direction === 'backward';
  const at = endOf(text, backward ? held : characters.length - held);
  const [first, last] = [text.slice(0, at), text.slice(at)];
  const [trainText, heldOutText] = backward ? [last, first] : [first, last];
  const counts = new Float64Array(vocabulary.size);
  for (const token of characters) counts[token]++;
  return tokenized(
    {
      vocabulary,
      characters: text.length,
      text,
      trainText,
      heldOutText,
      digest: null,
      direction,
      remarks: remarksOn(vocabulary),
      ...baselinesOf(vocabulary, counts),
    },
    tokens,
  );
}

/** Checks the number of characters between the white space at a text's ends. @throws Problem where there are too few */
export function checkLength(characters: number): void {
  if (characters < minimumCharacters)
    throw new Problem(
      `There is too little text to learn from: ${minimumCharacters} characters are needed, and this has ${characters}.`,
    );
}

/** The problem of a file with NUL characters. */
export const notText = (): Problem =>
  new Problem('This looks like a binary file: it has NUL characters. Open a text to train on.');

/** Returns the number of characters, of which a pair of surrogates is one, that are held out of so many. */
export const heldOutLength = (characters: number): number =>
  Math.min(maximumHeldOut, Math.floor(characters / 10));

/** Returns sentences about a text that has more different characters than are learned. */
export function remarksOn({ size, rareKinds }: Vocabulary): string[] {
  if (rareKinds <= 1) return [];
  return [
    `The text has ${(size - 1 + rareKinds).toLocaleString('en')} different characters: ` +
      `the ${(size - 1).toLocaleString('en')} commonest are learned, the others are treated as one.`,
  ];
}

/** Returns the bits per character of the baselines. @param counts the counts of the characters, by their tokens */
export function baselinesOf(
  vocabulary: Vocabulary,
  counts: Float64Array,
): Pick<Corpus, 'unigram' | 'uniform'> {
  return {
    unigram: entropy(counts, vocabulary.rareKinds),
    uniform: Math.log2(vocabulary.size - 1 + vocabulary.rareKinds),
  };
}

/** Returns the corpus in tokens of another kind, which are learned from the training part alone. */
export function tokenized(
  corpus: Omit<Corpus, 'tokenizer' | 'train' | 'heldOut' | 'charactersPerToken'>,
  tokens: TokenKind | Tokenizer,
): WholeCorpus {
  const tokenizer =
    typeof tokens === 'string' ? Tokenizer.learn(tokens, corpus.vocabulary, corpus.trainText) : tokens;
  const train = tokenizer.encode(corpus.trainText);
  const heldOut = tokenizer.encode(corpus.heldOutText);
  if (corpus.direction === 'backward') for (const part of [train, heldOut]) part.reverse();
  const lengths = tokenizer.lengths();
  const charactersPerToken = train.reduce((sum, token) => sum + lengths[token], 0) / train.length;
  return { ...corpus, tokenizer, train, heldOut, charactersPerToken };
}

/** Returns the index at which the first `characters` characters of a text end. */
export function endOf(text: string, characters: number): number {
  let at = 0;
  for (let left = characters; left > 0; left--) at += codePointAt(text, at) > 0xffff ? 2 : 1;
  return at;
}

/**
 * Returns the bits per character of a text under its own character frequencies. The characters that `rare`
 * stands for share its probability evenly.
 */
function entropy(counts: Float64Array, rareKinds: number): number {
  const total = counts.reduce((sum, count) => sum + count);
  let bits = (counts[rare] / total) * Math.log2(rareKinds);
  for (const count of counts) if (count > 0) bits -= (count / total) * Math.log2(count / total);
  return bits;
}
