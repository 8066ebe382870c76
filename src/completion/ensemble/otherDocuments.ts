// Lets the n-gram model read the other open documents. Of each, it learns only the lines that are in no
// other.
import type { Vocabulary } from '../../data/text/vocabulary.ts';
import { extendHash } from './hash.ts';
import type { NgramModel } from './ngramModel.ts';

/** The number of tokens that are read at a time, since a line may be as long as a file. */
const slice = 256;

/** The bytes of a number in a set, about. */
const bytesOfHash = 40;

/**
 * Returns a hash of 30 bits, which V8 keeps without a number object. Among a hundred thousand lines, one new line in ten
 * thousand has the hash of another one, and is taken for known.
 */
function hashOf(line: string): number {
  let sum = 0;
  for (let at = 0; at < line.length; at++) sum = extendHash(sum, line.charCodeAt(at));
  return sum & 0x3fffffff;
}

/** Reads further documents into an n-gram model, each line of them once. */
export class OtherDocuments {
  readonly #ngrams: NgramModel;
  readonly #vocabulary: Vocabulary;
  /** The hashes of the lines of all texts so far: the lines themselves would keep the texts in memory. */
  readonly #lines = new Set<number>();

  /** @param text the text that the n-gram model has read already */
  constructor(ngrams: NgramModel, vocabulary: Vocabulary, text: string) {
    this.#ngrams = ngrams;
    this.#vocabulary = vocabulary;
    for (const line of text.split('\n')) this.#lines.add(hashOf(line));
  }

  /** The bytes of what is known of the lines, about. */
  get memoryBytes(): number {
    return bytesOfHash * this.#lines.size;
  }

  /** Reads a text line by line and yields in between. A line that is known already is not counted twice. */
  *read(text: string): Generator<void> {
    let position = this.#ngrams.begin();
    for (const line of text.split('\n')) {
      const known = hashOf(line);
      const isKnown = this.#lines.has(known);
      this.#lines.add(known);
      for (
        let tokens = this.#vocabulary.encode(`${line}\n`);
        tokens.length > 0;
        tokens = tokens.subarray(slice)
      ) {
        const some = tokens.subarray(0, slice);
        if (isKnown) for (const token of some) position = this.#ngrams.follow(position, token);
        else position = this.#ngrams.read(some, position);
        yield;
      }
    }
  }
}
