// Turns the text of an editor or a file into the tokens to train on and the held-out part.
import { Problem } from '../../protocol/problem.ts';
import type { TokenKind } from './tokens/tokenization.ts';
import { Tokenizer } from './tokens/tokenizer.ts';
import { Vocabulary } from './vocabulary.ts';

/**
 * The shortest text that can be trained on: less teaches a network nothing, and its held-out part measures
 * nothing.
 */
export const minimumCharacters = 400;

/**
 * The length beyond which only the last part of a text is used, which is closest to what is written next. It
 * bounds memory.
 */
export const maximumCharacters = 10_000_000;

/**
 * The greatest length of the held-out part, which estimates the loss well enough; more would only cost time.
 */
const maximumHeldOut = 16_000;

export interface Corpus {
  /** The characters of the text. */
  readonly vocabulary: Vocabulary;
  readonly tokenizer: Tokenizer;
  /** The whole text, from its beginning to its end, in either direction. */
  readonly text: string;
  /** The parts of the text that are trained on and held out. */
  readonly trainText: string;
  readonly heldOutText: string;
  /** The tokens to train on, in the order in which they are read. */
  readonly train: Int32Array;
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

/**
 * Normalises a text: line ends become \n and a byte-order mark is removed. The text before a cursor is
 * normalised in the same way. Half a surrogate pair becomes U+FFFD, which has the same length: UTF-8 cannot
 * encode the half, and the text that is learned must be the one that is stored. A normalised text stays as it
 * is.
 */
export function normalise(text: string): string {
  return text
    .replace(/^\uFEFF+/, '')
    .replace(/\r\n?/g, '\n')
    .toWellFormed();
}

/** Returns the end of a normalised text, without half a character or a byte-order mark at its beginning. */
function endingOf(text: string, longest: number): string {
  return text.length <= longest ? text : text.slice(-longest).replace(/^[\uDC00-\uDFFF]?\uFEFF*/, '');
}

/** Returns what of a text is used, which is the end of a long one, normalised. */
export const usedText = (source: string): string => endingOf(normalise(source), maximumCharacters);

/** Joins several documents into one text, separated by blank lines as paragraphs are. */
export function joinDocuments(documents: readonly string[]): string {
  if (documents.length === 1) return documents[0];
  return documents.map((document) => `${normalise(document).replace(/\n+$/, '')}\n`).join('\n');
}

export interface CorpusOptions {
  /** The length of the whole source, if `source` is only its last part. */
  readonly sourceCharacters?: number;
  /** The order in which the network reads; if it is backward, the held-out part is the text's beginning. */
  readonly direction?: 'forward' | 'backward';
  /** The kind of the tokens, or the tokenizer that was learned earlier from the same text. */
  readonly tokens?: TokenKind | Tokenizer;
}

/** Reads a text as a corpus. @throws Problem when the text is empty, too short, or not text */
export function readCorpus(
  source: string,
  { sourceCharacters = source.length, direction = 'forward', tokens = 'characters' }: CorpusOptions = {},
): Corpus {
  const whole = normalise(source);
  if (whole.includes('\0'))
    throw new Problem('This looks like a binary file: it has NUL characters. Open a text to train on.');
  if (whole.trim().length < minimumCharacters)
    throw new Problem(
      `There is too little text to learn from: ${minimumCharacters} characters are needed, and this has ${whole.trim().length}.`,
    );
  const remarks: string[] = [];
  const text = endingOf(whole, maximumCharacters);
  if (text.length < sourceCharacters && sourceCharacters > maximumCharacters)
    remarks.push(
      `The text is long: its last ${text.length.toLocaleString('en')} of ${sourceCharacters.toLocaleString('en')} characters are used.`,
    );
  const vocabulary = Vocabulary.of(text);
  if (vocabulary.rareKinds > 1)
    remarks.push(
      `The text has ${(vocabulary.size - 1 + vocabulary.rareKinds).toLocaleString('en')} different characters: ` +
        `the ${(vocabulary.size - 1).toLocaleString('en')} commonest are learned, the others are treated as one.`,
    );
  const characters = vocabulary.encode(text);
  const held = Math.min(maximumHeldOut, Math.floor(characters.length / 10));
  const backward = direction === 'backward';
  const at = endOf(text, backward ? held : characters.length - held);
  const [first, last] = [text.slice(0, at), text.slice(at)];
  const [trainText, heldOutText] = backward ? [last, first] : [first, last];
  return tokenized(
    {
      vocabulary,
      text,
      trainText,
      heldOutText,
      direction,
      remarks,
      unigram: entropy(characters, vocabulary),
      uniform: Math.log2(vocabulary.size - 1 + vocabulary.rareKinds),
    },
    tokens,
  );
}

/** Returns the corpus in tokens of another kind, which are learned from the training part alone. */
export function tokenized(
  corpus: Omit<Corpus, 'tokenizer' | 'train' | 'heldOut' | 'charactersPerToken'>,
  tokens: TokenKind | Tokenizer,
): Corpus {
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
function endOf(text: string, characters: number): number {
  let at = 0;
  for (let left = characters; left > 0; left--) at += text.codePointAt(at)! > 0xffff ? 2 : 1;
  return at;
}

/**
 * Returns the bits per character of the text under its own character frequencies. The characters that `rare`
 * stands for share its probability evenly.
 */
function entropy(tokens: Int32Array, vocabulary: Vocabulary): number {
  const counts = new Float64Array(vocabulary.size);
  for (const token of tokens) counts[token]++;
  let bits = (counts[0] / tokens.length) * Math.log2(vocabulary.rareKinds);
  for (const count of counts)
    if (count > 0) bits -= (count / tokens.length) * Math.log2(count / tokens.length);
  return bits;
}
