// A text that is too long to be in memory. It is read in blocks: once to count its characters, and once to write its
// tokens to disk, where the windows of a training read them. Its end is kept in memory.
import { Problem } from '../../../protocol/problem.ts';
import { CharacterCounts } from '../characterCounts.ts';
import {
  baselinesOf,
  type Corpus,
  checkLength,
  endOf,
  heldOutLength,
  joinDocuments,
  maximumHeldOut,
  normalise,
  notText,
  readCorpus,
  remarksOn,
  type WholeCorpus,
  wholeCharacters,
} from '../corpus.ts';
import { isHighSurrogate, isSurrogate } from '../surrogates.ts';
import type { TokenKind } from '../tokens/tokenization.ts';
import { learnedFrom, Tokenizer } from '../tokens/tokenizer.ts';
import { Vocabulary } from '../vocabulary.ts';
import { type BlockedDocument, normalisedBlocks } from './normalisedBlocks.ts';
import { type Scratch, TokenWriter } from './storedTokens.ts';

/** The length of the end of a long text that is kept with its model. */
const keptCharacters = 1_000_000;

/** The lengths at a long text's ends that are in memory. A held-out character may be two UTF-16 units. */
const endLength = learnedFrom + 2 * maximumHeldOut;
const beginningLength = 2 * maximumHeldOut;

/** The lengths that decide how a text is read. A test makes them small. */
export interface BlockLengths {
  /** The length of a block. The digest of a text depends on it. */
  readonly block: number;
  /** The length up to which a text is in memory. */
  readonly whole: number;
  /** The length of a long text's end that is kept with its model, at most `endLength`. */
  readonly kept: number;
}

const usual: BlockLengths = { block: 2 ** 14, whole: wholeCharacters, kept: keptCharacters };

/** The documents of a text, and all that is needed to read them in blocks. */
export interface BlockReading {
  readonly documents: readonly BlockedDocument[];
  /** Returns the SHA-256 of the parts in succession, in hexadecimal digits. */
  digest(parts: readonly Uint8Array[]): string;
  /** Makes the file for the tokens of a long text. @throws Problem when there is no place for it */
  scratch(): Scratch;
  /** Lets other work be done between two blocks. */
  readonly breathe: () => Promise<void>;
  /** Is called while a long text is read. @throws Problem when that is to end */
  check(): void;
  /** The lengths of blocks and of what is kept; missing for the usual ones. */
  readonly lengths?: BlockLengths | undefined;
}

/**
 * Reads a text from its documents.
 * @returns the text, normalised, where it is short enough to be in memory
 * @throws Problem when a document cannot be read, or has NUL characters
 */
export async function readInBlocks(reading: BlockReading): Promise<string | LongText> {
  const { documents, breathe, lengths = usual } = reading;
  const inMemory = textInMemory(documents, lengths.whole);
  if (inMemory !== null) return inMemory;
  const counts = new CharacterCounts();
  const digest = new BlockDigest(reading.digest);
  /** The blocks of the text while it is short, and those that hold the end of a long one. */
  const blocks: string[] = [];
  let blocksLength = 0;
  let characters = 0;
  let beginning = '';
  const extent = new Extent();
  for (const block of normalisedBlocks(documents, lengths.block)) {
    if (block.includes('\0')) throw notText();
    counts.add(block);
    digest.add(block);
    extent.add(block);
    if (beginning.length < beginningLength) beginning += block;
    characters += block.length;
    blocks.push(block);
    blocksLength += block.length;
    if (characters > lengths.whole) reading.check();
    while (characters > lengths.whole && blocksLength - blocks[0].length >= endLength)
      blocksLength -= blocks.shift()!.length;
    await breathe();
  }
  const end = blocks.join('');
  if (characters <= lengths.whole) return end;
  checkLength(extent.length);
  return new LongText(reading, { counts, characters, digest: digest.value, beginning, end });
}

/** Returns the text of documents that are in memory anyway; null where some are not, or they are too long together. */
function textInMemory(documents: readonly BlockedDocument[], most: number): string | null {
  const texts = documents.flatMap(({ text }) => (text === undefined ? [] : [text]));
  const characters = texts.reduce((sum, { length }) => sum + length, 0);
  const isWhole = texts.length === documents.length && characters <= most;
  return isWhole ? normalise(joinDocuments(texts)) : null;
}

/** The findings of the first reading of a long text. */
interface Found {
  readonly counts: CharacterCounts;
  readonly characters: number;
  readonly digest: string;
  readonly beginning: string;
  readonly end: string;
}

export class LongText {
  readonly #reading: BlockReading;
  readonly #found: Found;
  #scratch: Scratch | null = null;

  constructor(reading: BlockReading, found: Found) {
    this.#reading = reading;
    this.#found = found;
  }

  get #lengths(): BlockLengths {
    return this.#reading.lengths ?? usual;
  }

  /** The number of characters, in UTF-16 units. */
  get characters(): number {
    return this.#found.characters;
  }

  /** The digest of the text. */
  get digest(): string {
    return this.#found.digest;
  }

  /** Returns the text's end as a corpus of characters of its own. */
  end(direction: Corpus['direction']): WholeCorpus {
    return readCorpus(this.#found.end, { direction });
  }

  /**
   * Writes the tokens of the text to disk.
   * @throws Problem when the text has become another one, or there is no place for its tokens
   */
  async tokenized(direction: Corpus['direction'], tokens: TokenKind | Tokenizer): Promise<Corpus> {
    const { counts, characters, digest, beginning, end } = this.#found;
    const backward = direction === 'backward';
    const held = heldOutLength(counts.total);
    const heldOutText = backward ? beginning.slice(0, endOf(beginning, held)) : end.slice(startOf(end, held));
    const trainText = backward
      ? end.slice(Math.max(0, heldOutText.length - (characters - end.length)))
      : end.slice(0, end.length - heldOutText.length);
    const trainLength = characters - heldOutText.length;
    const from = backward ? heldOutText.length : 0;

    const vocabulary = Vocabulary.ofCounts(counts);
    const tokenizer =
      typeof tokens === 'string' ? Tokenizer.learn(tokens, vocabulary, trainText, trainLength) : tokens;
    const lengths = tokenizer.lengths();
    this.#scratch = this.#reading.scratch();
    const writer = new TokenWriter(this.#scratch, tokenizer.size);
    const again = new BlockDigest(this.#reading.digest);
    let total = 0;
    for (const part of tokenizer.encodeBlocks(this.#part(from, from + trainLength, again))) {
      for (const token of part) total += lengths[token];
      writer.append(part);
      this.#reading.check();
      await this.#reading.breathe();
    }
    if (again.value !== digest)
      throw new Problem('The text has changed while it was read: train on it again.');
    const train = writer.finish(backward);
    const heldOut = tokenizer.encode(heldOutText);
    if (backward) heldOut.reverse();

    const byToken = new Float64Array(vocabulary.size);
    for (const [character, count] of counts) byToken[vocabulary.token(character)] += count;
    return {
      vocabulary,
      tokenizer,
      characters,
      text: wholeAt(end, end.length - this.#lengths.kept),
      trainText,
      heldOutText,
      digest,
      train,
      heldOut,
      charactersPerToken: total / train.length,
      direction,
      remarks: remarksOn(vocabulary),
      ...baselinesOf(vocabulary, byToken),
    };
  }

  /** Frees the place of the tokens. */
  close(): void {
    this.#scratch?.close();
    this.#scratch = null;
  }

  /** Yields the text from one place to another, and enters all of its blocks into a digest. */
  *#part(from: number, to: number, digest: BlockDigest): Generator<string> {
    let start = 0;
    for (const block of normalisedBlocks(this.#reading.documents, this.#lengths.block)) {
      digest.add(block);
      const part = block.slice(Math.max(0, from - start), Math.max(0, to - start));
      if (part !== '') yield part;
      start += block.length;
    }
  }
}

/** A digest of blocks, which differs where they end elsewhere. */
class BlockDigest {
  readonly #digest: BlockReading['digest'];
  readonly #encoder = new TextEncoder();
  value = '';

  constructor(digest: BlockReading['digest']) {
    this.#digest = digest;
  }

  add(block: string): void {
    this.value = this.#digest([this.#encoder.encode(this.value), this.#encoder.encode(block)]);
  }
}

/** The length of a text between the white space at its ends. */
class Extent {
  #total = 0;
  /** The places at which something else than white space begins and ends; -1 before there is any. */
  #first = -1;
  #last = -1;

  add(block: string): void {
    const before = block.length - block.trimStart().length;
    if (before < block.length) {
      if (this.#first < 0) this.#first = this.#total + before;
      this.#last = this.#total + block.trimEnd().length;
    }
    this.#total += block.length;
  }

  get length(): number {
    return this.#last - this.#first;
  }
}

/** Returns the index at which the last `characters` characters of a text begin. */
function startOf(text: string, characters: number): number {
  let at = text.length;
  for (let left = characters; left > 0; left--) at -= isSurrogate(text.charCodeAt(at - 1)) ? 2 : 1;
  return at;
}

/** Returns a text from an index on, without half a character at its beginning. */
function wholeAt(text: string, index: number): string {
  const from = Math.max(0, index);
  const isInside =
    from > 0 && isSurrogate(text.charCodeAt(from)) && isHighSurrogate(text.charCodeAt(from - 1));
  return text.slice(isInside ? from + 1 : from);
}
