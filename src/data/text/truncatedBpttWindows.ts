// Splits the training text into B streams and reads them side by side in windows, for truncated BPTT.
import { Problem } from '../../protocol/problem.ts';
import type { Batch, BatchCursor, Batches } from '../dataset.ts';
import type { Tokens } from './tokens/tokens.ts';

/** The number of tokens that are read ahead, of all streams together: those on disk are read in few, long parts. */
const readAhead = 2 ** 20;

/** A part of a stream that has been read. */
interface Part {
  readonly from: number;
  readonly tokens: Int32Array;
}

/**
 * Yields the windows of truncated BPTT with k1 steps between updates and gradients over k2 steps (Williams &
 * Peng 1990; the names are Sutskever's, 2013). If k2 > k1, windows overlap, and each target counts in the
 * window in which the gradient has the longest way back. If k2 < k1, the first k1 - k2 steps of each window
 * are read without learning.
 */
export class Windows implements Batches {
  readonly batch: number;
  readonly k1: number;
  readonly k2: number;
  /** The number of tokens of one stream that have a successor. */
  readonly length: number;
  readonly #tokens: Tokens;
  /** The last part of each stream that was read. */
  readonly #parts: Part[];
  #position = 0;
  #epoch = 0;

  /** @param tokens the training text, at least batch × (max(k1, k2) + 1) tokens */
  constructor(tokens: Tokens, batch: number, k1: number, k2: number) {
    this.batch = batch;
    this.k1 = k1;
    this.k2 = k2;
    this.length = Math.floor((tokens.length - 1) / batch);
    this.#tokens = tokens;
    this.#parts = Array(batch).fill({ from: 0, tokens: tokens.subarray(0, 0) });
    if (this.length < Math.max(k1, k2)) throw new RangeError('Too few tokens for one window.');
  }

  get steps(): number {
    return this.k2;
  }

  get epoch(): number {
    return this.#epoch + this.#position / this.length;
  }

  get perEpoch(): number {
    return 1 + Math.floor((this.length - Math.max(this.k1, this.k2)) / this.k1);
  }

  /** The position at which the next window begins in every stream, and the number of completed passes. */
  get cursor(): BatchCursor {
    return { position: this.#position, epoch: this.#epoch };
  }

  /** @throws Problem when no window begins at this position */
  set cursor({ position, epoch }: BatchCursor) {
    if (position > this.length - Math.max(this.k1, this.k2))
      throw new Problem(
        'The checkpoint of this run does not fit its text: it cannot go on. Train the model again.',
      );
    this.#position = position;
    this.#epoch = epoch;
  }

  /** Returns fewer than `steps` tokens where the streams began less than that before the next window. */
  before(steps: number): Int32Array {
    const count = Math.min(steps, this.#position);
    return this.#read(this.#position - count, count, 0);
  }

  next(): Batch {
    const { k1, k2 } = this;
    const span = Math.max(k1, k2);
    const restart = this.#position === 0;
    const lead = span - k2;
    const counted = restart || k2 <= k1 ? 0 : k2 - k1;
    const window: Batch = {
      rows: this.batch,
      lead: this.#read(this.#position, lead, 0),
      x: this.#read(this.#position + lead, k2, 0),
      y: this.#read(this.#position + lead, k2, 1, counted),
      restart,
      carry: Math.min(k1, k2),
      tokens: this.batch * (k2 - counted),
    };
    this.#position += k1;
    if (this.#position + span > this.length) {
      this.#position = 0;
      this.#epoch++;
    }
    return window;
  }

  #read(from: number, steps: number, shift: number, countFrom = 0): Int32Array {
    const tokens = new Int32Array(this.batch * steps);
    for (let row = 0; row < this.batch; row++) {
      tokens.set(this.#streamed(row, from + shift, steps), row * steps);
      tokens.fill(-1, row * steps, row * steps + Math.min(steps, countFrom));
    }
    return tokens;
  }

  /** Returns tokens of a stream. */
  #streamed(row: number, from: number, steps: number): Int32Array {
    const start = row * this.length + from;
    const known = this.#parts[row];
    const isRead = start >= known.from && start + steps <= known.from + known.tokens.length;
    const part = isRead ? known : this.#readPart(start, steps);
    this.#parts[row] = part;
    return part.tokens.subarray(start - part.from, start - part.from + steps);
  }

  #readPart(from: number, steps: number): Part {
    const end = from + Math.max(steps, Math.floor(readAhead / this.batch));
    return { from, tokens: this.#tokens.subarray(from, Math.min(end, this.#tokens.length)) };
  }
}
