// Puts rows of similar length together in batches, so that little is padding.
import { Problem } from '../../protocol/problem.ts';
import type { Batch, Batches, Place, Rows } from '../dataset.ts';
import { hash } from './hash.ts';

/** A row of tokens, and the class that follows from all of them. */
export interface ClassifiedRow {
  readonly tokens: Int32Array;
  readonly target: number;
}

/** The lengths of batches are multiples of this, so that an engine prepares for few of them. */
const lengthStep = 8;

/** Returns the number of steps of a batch whose longest row has this many. */
export const paddedLength = (length: number): number => Math.ceil(length / lengthStep) * lengthStep;

/**
 * Lays out rows side by side, with their classes as the targets of their last steps.
 * @param height the number of rows, which may be larger than that of `rows`; the others are padding
 */
export function layOutRows(rows: readonly ClassifiedRow[], height: number): Rows {
  const steps = paddedLength(longestOf(rows));
  const x = new Int32Array(height * steps).fill(-1);
  const y = new Int32Array(height * steps).fill(-1);
  for (const [row, { tokens, target }] of rows.entries()) {
    x.set(tokens, row * steps);
    y[row * steps + tokens.length - 1] = target;
  }
  return { rows: height, x, y };
}

/** Returns blocks of rows of similar length. */
export function blocksOf<Row extends ClassifiedRow>(rows: readonly Row[], height: number): Row[][] {
  const sorted = rows.toSorted((a, b) => a.tokens.length - b.tokens.length);
  return cut(sorted, height);
}

/** Batches of rows, each of which begins at h[0]. Every pass has the rows and batches in another order. */
export class RowBatches implements Batches {
  readonly batch: number;
  readonly steps: number;
  readonly perEpoch: number;
  readonly #rows: readonly ClassifiedRow[];
  readonly #seed: number;
  #batches: readonly (readonly ClassifiedRow[])[];
  #position = 0;
  #epoch = 0;

  /**
   * @param rows at least one row, of at least one token each
   * @param steps the largest number of steps of a batch
   * @param seed the seed of the order
   */
  constructor(
    rows: readonly ClassifiedRow[],
    { batch, steps, seed }: { readonly batch: number; readonly steps: number; readonly seed: number },
  ) {
    this.batch = batch;
    this.steps = steps;
    this.perEpoch = Math.ceil(rows.length / this.batch);
    this.#rows = rows;
    this.#seed = seed;
    this.#batches = this.#ordered(0);
  }

  get epoch(): number {
    return this.#epoch + this.#position / this.perEpoch;
  }

  /** The number of the next batch in the pass, and the number of completed passes. */
  get place(): Place {
    return { position: this.#position, epoch: this.#epoch };
  }

  set place({ position, epoch }: Place) {
    if (position >= this.perEpoch)
      throw new Problem(
        'The checkpoint of this run does not fit its table: it cannot go on. Train the model again.',
      );
    this.#position = position;
    this.#epoch = epoch;
    this.#batches = this.#ordered(epoch);
  }

  next(): Batch {
    const rows = this.#batches[this.#position];
    const laidOut = layOutRows(rows, this.batch);
    this.#position++;
    if (this.#position === this.perEpoch) this.place = { position: 0, epoch: this.#epoch + 1 };
    return {
      ...laidOut,
      lead: new Int32Array(),
      restart: true,
      carry: laidOut.x.length / this.batch,
      tokens: rows.reduce((sum, { tokens }) => sum + tokens.length, 0),
    };
  }

  /** Every row begins at h[0], so that nothing is carried. */
  before(): Int32Array {
    return new Int32Array();
  }

  #ordered(epoch: number): readonly (readonly ClassifiedRow[])[] {
    const shuffled = this.#shuffled(this.#rows, `${epoch} rows`);
    const sorted = shuffled.sort((a, b) => paddedLength(a.tokens.length) - paddedLength(b.tokens.length));
    return this.#shuffled(cut(sorted, this.batch), `${epoch} batches`);
  }

  /** Returns the items in an order that depends on the seed and a name alone. */
  #shuffled<T>(items: readonly T[], name: string): T[] {
    return items
      .map((item, index) => ({ item, key: hash(`${this.#seed} ${name} ${index}`) }))
      .sort((a, b) => a.key - b.key)
      .map(({ item }) => item);
  }
}

/** Returns the number of tokens of the longest row. */
export const longestOf = (rows: readonly ClassifiedRow[]) =>
  rows.reduce((most, { tokens }) => Math.max(most, tokens.length), 0);

function cut<Row>(rows: readonly Row[], height: number): Row[][] {
  const blocks: Row[][] = [];
  for (let from = 0; from < rows.length; from += height) blocks.push(rows.slice(from, from + height));
  return blocks;
}
