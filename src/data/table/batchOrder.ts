// The order in which the rows of a table are learned.
import { Problem } from '../../protocol/problem.ts';
import type { BatchCursor } from '../dataset.ts';
import { hash } from './hash.ts';

/** The rows of a batch, with a name that no other batch of the run has, for what is random about it. */
export interface OrderedBatch<Row> {
  readonly name: string;
  readonly rows: readonly Row[];
}

/** Rows of similar length by batches. Every pass has the rows and batches in another order. */
export class BatchOrder<Row> {
  readonly perEpoch: number;
  readonly #rows: readonly Row[];
  readonly #batch: number;
  readonly #seed: number;
  readonly #bucket: (row: Row) => number;
  readonly #weightOf: ((row: Row) => number) | null;
  #batches: readonly (readonly Row[])[];
  #position = 0;
  #epoch = 0;

  /**
   * @param rows at least one
   * @param bucket returns a number by which rows are sorted before they are cut into batches, such as the length
   * @param weightOf returns how often a row occurs in a pass, on average; the mean over all rows is 1. Without it every
   * row occurs once.
   */
  constructor(
    rows: readonly Row[],
    { batch, seed }: { readonly batch: number; readonly seed: number },
    bucket: (row: Row) => number,
    weightOf: ((row: Row) => number) | null = null,
  ) {
    this.perEpoch = Math.ceil(rows.length / batch);
    this.#rows = rows;
    this.#batch = batch;
    this.#seed = seed;
    this.#bucket = bucket;
    this.#weightOf = weightOf;
    this.#batches = this.#ordered(0);
  }

  get epoch(): number {
    return this.#epoch + this.#position / this.perEpoch;
  }

  /** The number of the next batch in the pass, and the number of completed passes. */
  get cursor(): BatchCursor {
    return { position: this.#position, epoch: this.#epoch };
  }

  set cursor({ position, epoch }: BatchCursor) {
    if (position >= this.perEpoch)
      throw new Problem(
        'The checkpoint of this run does not fit its table: it cannot go on. Train the model again.',
      );
    this.#position = position;
    this.#epoch = epoch;
    this.#batches = this.#ordered(epoch);
  }

  next(): OrderedBatch<Row> {
    const name = `${this.#seed} ${this.#epoch} ${this.#position}`;
    const rows = this.#batches[this.#position];
    this.#position++;
    if (this.#position === this.perEpoch) this.cursor = { position: 0, epoch: this.#epoch + 1 };
    return { name, rows };
  }

  #ordered(epoch: number): readonly (readonly Row[])[] {
    const sorted = this.#drawn(this.#shuffled(this.#rows, `${epoch} rows`), epoch).sort(
      (a, b) => this.#bucket(a) - this.#bucket(b),
    );
    return this.#shuffled(cut(sorted, this.#batch), `${epoch} batches`);
  }

  /**
   * Draws as many rows as there are, each as often as its weight says, up to a whole number above or below (systematic
   * sampling, Madow & Madow 1944). Rows of one weight stand together, so that their number is right too.
   */
  #drawn(rows: readonly Row[], epoch: number): Row[] {
    const weightOf = this.#weightOf;
    if (!weightOf) return [...rows];
    const drawn: Row[] = [];
    const offset = hash(`${this.#seed} ${epoch} offset`) / 2 ** 32;
    let sum = 0;
    const together = rows.toSorted((a, b) => weightOf(a) - weightOf(b));
    for (const row of together) {
      sum += weightOf(row);
      while (drawn.length + offset < sum && drawn.length < rows.length) drawn.push(row);
    }
    // Rounding may have left the sum a little too small for the last one.
    while (drawn.length < rows.length) drawn.push(together[rows.length - 1]);
    return drawn;
  }

  /** Returns the items in an order that depends on the seed and a name alone. */
  #shuffled<T>(items: readonly T[], name: string): T[] {
    return items
      .map((item, index) => ({ item, key: hash(`${this.#seed} ${name} ${index}`) }))
      .sort((a, b) => a.key - b.key)
      .map(({ item }) => item);
  }
}

/** Cuts rows into blocks of at most `height`. */
export function cut<Row>(rows: readonly Row[], height: number): Row[][] {
  const blocks: Row[][] = [];
  for (let from = 0; from < rows.length; from += height) blocks.push(rows.slice(from, from + height));
  return blocks;
}
