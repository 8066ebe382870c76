// Puts rows of similar length together in batches, so that little is padding.
import type { Batch, BatchCursor, Batches, Rows } from '../dataset.ts';
import { BatchOrder, cut } from './batchOrder.ts';
import { hash } from './hash.ts';

/** A row of tokens, and what follows from them. */
export interface SequenceRow {
  /** [n × tokens of a step] */
  readonly tokens: Int32Array;
  /** The class that follows from all of the tokens, or the target of each step, [n], which is -1 where there is none. */
  readonly target: number | Int32Array;
}

/** The layout that all rows of a dataset share. */
export interface RowLayout {
  readonly tokensPerStep: number;
  /**
   * The number of steps at the end of a row whose targets are learned: Infinity for all, 1 for the last. The class of
   * a row is the target of all of them.
   */
  readonly taught: number;
}

/** The layout of rows of a token a step, with their class after the last. */
export const classAtEnd: RowLayout = { tokensPerStep: 1, taught: 1 };

/** The lengths of batches are multiples of this, so that an engine prepares for few of them. */
const lengthStep = 8;

/** Returns the number of steps of a batch whose longest row has this many. */
export const paddedLength = (length: number): number => Math.ceil(length / lengthStep) * lengthStep;

/**
 * Lays out rows side by side, with their targets.
 * @param height the number of rows, which may be larger than that of `rows`; the others are padding
 */
export function layOutRows(
  rows: readonly SequenceRow[],
  height: number,
  { tokensPerStep, taught }: RowLayout = classAtEnd,
): Rows {
  const steps = paddedLength(longestOf(rows) / tokensPerStep);
  const x = new Int32Array(height * steps * tokensPerStep).fill(-1);
  const y = new Int32Array(height * steps).fill(-1);
  for (const [row, { tokens, target }] of rows.entries()) {
    x.set(tokens, row * steps * tokensPerStep);
    const length = tokens.length / tokensPerStep;
    const first = Math.max(0, length - taught);
    if (typeof target === 'number') y.fill(target, row * steps + first, row * steps + length);
    else y.set(target.subarray(first), row * steps + first);
  }
  return { rows: height, x, y };
}

/** Returns blocks of rows of similar length. */
export function blocksOf<Row extends SequenceRow>(rows: readonly Row[], height: number): Row[][] {
  const sorted = rows.toSorted((a, b) => a.tokens.length - b.tokens.length);
  return cut(sorted, height);
}

/** Batches of rows, each of which begins at h[0]. Every pass has the rows and batches in another order. */
export class RowBatches implements Batches {
  readonly batch: number;
  readonly steps: number;
  readonly #order: BatchOrder<SequenceRow>;
  readonly #layout: RowLayout;
  readonly #change: RowChange | null;

  /**
   * @param rows at least one row, of at least one token each
   * @param steps the largest number of steps of a batch
   * @param seed the seed of the order
   * @param change changes a row before it is learned
   * @param weightOf returns how often a row occurs in a pass, see `BatchOrder`
   */
  constructor(
    rows: readonly SequenceRow[],
    { batch, steps, seed }: { readonly batch: number; readonly steps: number; readonly seed: number },
    layout: RowLayout = classAtEnd,
    change: RowChange | null = null,
    weightOf: ((row: SequenceRow) => number) | null = null,
  ) {
    this.batch = batch;
    this.steps = steps;
    this.#layout = layout;
    this.#change = change;
    const bucket = ({ tokens }: SequenceRow) => paddedLength(tokens.length / layout.tokensPerStep);
    this.#order = new BatchOrder(rows, { batch, seed }, bucket, weightOf);
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
    const change = this.#change;
    const { name, rows: chosen } = this.#order.next();
    const rows = change ? chosen.map((row, index) => change(row, hash(`${name} ${index}`))) : chosen;
    const { tokensPerStep } = this.#layout;
    const laidOut = layOutRows(rows, this.batch, this.#layout);
    return {
      ...laidOut,
      lead: new Int32Array(),
      restart: true,
      carry: laidOut.y.length / this.batch,
      tokens: rows.reduce((sum, { tokens }) => sum + tokens.length, 0) / tokensPerStep,
    };
  }

  /** Every row begins at h[0], so that nothing is carried. */
  before(): Int32Array {
    return new Int32Array();
  }
}

/** Changes a row before it is learned, in the same way for the same seed. */
export type RowChange = (row: SequenceRow, seed: number) => SequenceRow;

/** Returns the number of tokens of the longest row. */
export const longestOf = (rows: readonly SequenceRow[]) =>
  rows.reduce((most, { tokens }) => Math.max(most, tokens.length), 0);
