// The text of an editor or a file → the tokens to train on and the held-out tail.
import { Problem } from '../../protocol/problem.ts';
import type { TokenKind } from './tokens/tokenization.ts';
import { Tokenizer } from './tokens/tokenizer.ts';
import { Vocabulary } from './vocabulary.ts';

/** Below this a network has nothing to learn from, and the tail says nothing. */
export const minimumCharacters = 400;

/** Bounds memory: a longer text is trained on by its last part, which is closest to what is written next. */
export const maximumCharacters = 10_000_000;

/** A tail of this length estimates the loss well enough; more would only cost time. */
const maximumHeldOut = 16_000;

export interface Corpus {
  /** The characters of the text. */
  readonly vocabulary: Vocabulary;
  readonly tokenizer: Tokenizer;
  /** From its beginning to its end. */
  readonly text: string;
  /** The parts of the text that are trained on and held out. */
  readonly trainText: string;
  readonly heldOutText: string;
  /** The same in tokens, in the order in which they are read. */
  readonly train: Int32Array;
  /** The held-out tail; what a run is judged by. */
  readonly heldOut: Int32Array;
  readonly charactersPerToken: number;
  readonly direction: 'forward' | 'backward';
  readonly remarks: readonly string[];
  /** Bits per character of guessing by each character's frequency in the whole text, and blindly. */
  readonly unigram: number;
  readonly uniform: number;
}

/**
 * Line ends become \n and a byte-order mark goes; the same is done to what stands before a cursor. Half a surrogate
 * pair becomes U+FFFD, which has the same length: a file in UTF-8 cannot hold the half, and what is learned is what
 * is stored. What is normalised already stays as it is.
 */
export function normalise(text: string): string {
  return text
    .replace(/^\uFEFF+/, '')
    .replace(/\r\n?/g, '\n')
    .toWellFormed();
}

/** The end of a normalised text, as a text of its own: it does not begin with half a character or a byte-order mark. */
function endingOf(text: string, longest: number): string {
  return text.length <= longest ? text : text.slice(-longest).replace(/^[\uDC00-\uDFFF]?\uFEFF*/, '');
}

/** Several documents as one text, in which a blank line parts them, as it does paragraphs. */
export function joinDocuments(documents: readonly string[]): string {
  if (documents.length === 1) return documents[0];
  return documents.map((document) => `${normalise(document).replace(/\n+$/, '')}\n`).join('\n');
}

export interface CorpusOptions {
  /** Of the whole source, of which the text may be the last part. */
  readonly sourceCharacters?: number;
  /** Backward, the tail is the text's beginning. */
  readonly direction?: 'forward' | 'backward';
  /** A kind, or what was learned before from the same text. */
  readonly tokens?: TokenKind | Tokenizer;
}

/** @throws Problem when the text is empty, too short, or not text. */
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

/** The same text in tokens of another kind. What they are is learned from what is trained on alone. */
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

/** Where the first `characters` characters of a text end. */
function endOf(text: string, characters: number): number {
  let at = 0;
  for (let left = characters; left > 0; left--) at += text.codePointAt(at)! > 0xffff ? 2 : 1;
  return at;
}

/** Bits per character of the text under its own character frequencies; `rare` is shared evenly by its kinds. */
function entropy(tokens: Int32Array, vocabulary: Vocabulary): number {
  const counts = new Float64Array(vocabulary.size);
  for (const token of tokens) counts[token]++;
  let bits = (counts[0] / tokens.length) * Math.log2(vocabulary.rareKinds);
  for (const count of counts)
    if (count > 0) bits -= (count / tokens.length) * Math.log2(count / tokens.length);
  return bits;
}
