// Lays out pairs of source and target side by side. Batches hold pairs of similar lengths.
import type { Batch, BatchCursor, Batches, Rows } from '../dataset.ts';
import { BatchOrder, cut } from '../table/batchOrder.ts';
import { paddedLength } from '../table/rowBatches.ts';
import type { Pair } from './pairs.ts';

/**
 * Lays out pairs for teacher forcing: the decoder reads the boundary and then the target, and is to write the target
 * and then the boundary.
 * @param height the number of rows, which may be larger than that of `pairs`; the others are padding, whose sources are
 * one token
 */
export function layOutPairs(pairs: readonly Pair[], height: number, boundary: number): PairRows {
  const { positions, steps } = sizeOfPairs(pairs);
  const source = new Int32Array(height * positions).fill(-1);
  const x = new Int32Array(height * steps).fill(-1);
  const y = new Int32Array(height * steps).fill(-1);
  // An encoder reads something of every row; what it makes of padding counts for nothing.
  for (let row = pairs.length; row < height; row++) source[row * positions] = 0;
  for (const [row, pair] of pairs.entries()) {
    source.set(pair.source, row * positions);
    x[row * steps] = boundary;
    x.set(pair.target, row * steps + 1);
    y.set(pair.target, row * steps);
    y[row * steps + pair.target.length] = boundary;
  }
  return { rows: height, source, x, y };
}

/** Rows that have a source. */
export type PairRows = Rows & { readonly source: Int32Array };

/** Returns blocks of pairs of similar lengths. */
export const blocksOfPairs = <Row extends Pair>(pairs: readonly Row[], height: number): Row[][] =>
  cut(
    pairs.toSorted((a, b) => bucketOf(a) - bucketOf(b)),
    height,
  );

/** Orders pairs by the length of the source, and then of the target. */
const bucketOf = ({ source, target }: Pair): number =>
  paddedLength(source.length) * 2 ** 20 + paddedLength(target.length + 1);

const longest = (pairs: readonly Pair[], length: (pair: Pair) => number): number =>
  pairs.reduce((most, pair) => Math.max(most, length(pair)), 0);

/** The size of batches of pairs. */
export interface PairShape {
  readonly batch: number;
  readonly steps: number;
  readonly positions: number;
}

/** Returns how many steps and positions the longest of some pairs take. */
export const sizeOfPairs = (pairs: readonly Pair[]): Omit<PairShape, 'batch'> => ({
  steps: paddedLength(longest(pairs, ({ target }) => target.length + 1)),
  positions: paddedLength(longest(pairs, ({ source }) => source.length)),
});

/** Batches of pairs, each of which is read from its own beginning. */
export class PairBatches implements Batches {
  readonly batch: number;
  readonly steps: number;
  readonly positions: number;
  readonly #order: BatchOrder<Pair>;
  readonly #boundary: number;

  /**
   * @param pairs at least one
   * @param steps the largest number of steps of the decoder
   * @param positions the largest number of positions of a source
   */
  constructor(
    pairs: readonly Pair[],
    { batch, steps, positions, seed }: PairShape & { readonly seed: number },
    boundary: number,
  ) {
    this.positions = positions;
    this.batch = batch;
    this.steps = steps;
    this.#boundary = boundary;
    this.#order = new BatchOrder(pairs, { batch, seed }, bucketOf);
  }

  get perEpoch(): number {
    return this.#order.perEpoch;
  }

  get epoch(): number {
    return this.#order.epoch;
  }

  get cursor(): BatchCursor {
    return this.#order.cursor;
  }

  set cursor(cursor: BatchCursor) {
    this.#order.cursor = cursor;
  }

  next(): Batch {
    const { rows } = this.#order.next();
    const laidOut = layOutPairs(rows, this.batch, this.#boundary);
    return {
      ...laidOut,
      lead: new Int32Array(),
      restart: true,
      carry: laidOut.y.length / this.batch,
      tokens: rows.reduce((sum, { target }) => sum + target.length + 1, 0),
    };
  }

  /** Every pair is read from its beginning, so that nothing is carried. */
  before(): Int32Array {
    return new Int32Array();
  }
}
