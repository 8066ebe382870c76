// Lets the n-gram model read the other open documents. Of each, it learns only the lines that are in no
// other.
import type { Vocabulary } from '../../data/text/vocabulary.ts';
import type { NgramModel } from './ngramModel.ts';

/** The number of tokens that are read at a time, since a line may be as long as a file. */
const slice = 256;

export class OtherDocuments {
  readonly #ngrams: NgramModel;
  readonly #vocabulary: Vocabulary;
  /** The lines of all texts so far. */
  readonly #lines: Set<string>;

  /** @param text the text that the n-gram model has read already */
  constructor(ngrams: NgramModel, vocabulary: Vocabulary, text: string) {
    this.#ngrams = ngrams;
    this.#vocabulary = vocabulary;
    this.#lines = new Set(text.split('\n'));
  }

  /** Reads a text line by line and yields in between. A line that is known already is not counted twice. */
  *read(text: string): Generator<void> {
    let position = this.#ngrams.begin();
    for (const line of text.split('\n')) {
      const isKnown = this.#lines.has(line);
      this.#lines.add(line);
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
