// A text as the data of a run: windows of streams that carry their state, and the text's end held out.
import { Problem } from '../../protocol/problem.ts';
import type { Batches, BatchOptions, Cost, Dataset, Rows } from '../dataset.ts';
import { BitsPerCharacter } from './bitsPerCharacter.ts';
import type { Corpus } from './corpus.ts';
import { heldOutBatches, heldOutRows, warmup } from './heldOut.ts';
import { Windows } from './truncatedBpttWindows.ts';

/** The least number of windows of each stream, without which there would be no state to carry. */
const windowsPerStream = 4;

/** The number of tokens of the training part that are in rows at the same time. */
const partLength = 10_000_000;

export class TextDataset implements Dataset {
  readonly corpus: Corpus;
  readonly #bitsPerCharacter: BitsPerCharacter;

  constructor(corpus: Corpus) {
    this.corpus = corpus;
    this.#bitsPerCharacter = new BitsPerCharacter(corpus.tokenizer);
  }

  get uniform() {
    return this.corpus.uniform;
  }

  get baselines() {
    const { unigram, uniform } = this.corpus;
    return [
      { name: 'unigram', value: unigram },
      { name: 'uniform', value: uniform },
    ];
  }

  get charactersPerToken() {
    return this.corpus.charactersPerToken;
  }

  get remarks() {
    return this.corpus.remarks;
  }

  batches({ batch, k1, k2 }: BatchOptions): Windows {
    const { train } = this.corpus;
    const span = Math.max(k1, k2);
    if (train.length <= span)
      throw new Problem(
        `The text has ${train.length} tokens to train on, too few for ${span} steps: make \`train.k1\` and \`train.k2\` smaller.`,
      );
    const most = Math.floor(train.length / (windowsPerStream * span + 1));
    return new Windows(train, Math.max(1, Math.min(batch, most)), k1, k2);
  }

  /** Yields the rows of one part of the text after the other, so that a long one is never in memory as a whole. */
  training(rows: number): Iterable<Rows> {
    const { train } = this.corpus;
    return {
      *[Symbol.iterator]() {
        for (let from = 0; from < train.length; from += partLength) {
          const before = train.subarray(Math.max(0, from - warmup), from);
          const part = heldOutRows(
            before,
            train.subarray(from, Math.min(from + partLength, train.length)),
            rows,
          );
          if (part) yield part;
        }
      },
    };
  }

  heldOut(rows: number): Rows[] {
    const held = heldOutRows(this.corpus.train, this.corpus.heldOut, rows);
    return held ? [held] : [];
  }

  heldOutBatches(shape: { readonly batch: number; readonly steps: number }): Batches | null {
    return heldOutBatches(this.corpus.train, this.corpus.heldOut, shape);
  }

  probed(steps: number): { tokens: Int32Array; target: number } | null {
    const { train } = this.corpus;
    const last = train.length - 1;
    if (last < steps) return null;
    const read = train.subarray(last - steps);
    return { tokens: read.subarray(0, steps), target: read[steps] };
  }

  cost(nats: number, targets: Int32Array): Cost {
    return this.#bitsPerCharacter.of(nats, targets);
  }
}
