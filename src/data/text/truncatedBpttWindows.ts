// Splits the training text into B streams and reads them side by side in windows, for truncated BPTT.
import { Problem } from '../../protocol/problem.ts';

export interface Window {
  /** The steps that are read before the window without learning, [B × lead]; empty unless k2 < k1. */
  readonly lead: Int32Array;
  /** The tokens that are read, [B × k2]. */
  readonly x: Int32Array;
  /** The target of each step, which is the next token, or -1 where another window counts it: [B × k2]. */
  readonly y: Int32Array;
  /** Whether the streams start again from their first token. */
  readonly restart: boolean;
  /** The number of steps of x after which the next window begins; the streams' state there is carried. */
  readonly carry: number;
}

export interface StreamPosition {
  readonly position: number;
  readonly epoch: number;
}

/**
 * Yields the windows of truncated BPTT with k1 steps between updates and gradients over k2 steps (Williams &
 * Peng 1990; the names are Sutskever's, 2013). If k2 > k1, windows overlap, and each target counts in the
 * window in which the gradient has the longest way back. If k2 < k1, the first k1 - k2 steps of each window
 * are read without learning.
 */
export class Windows {
  readonly batch: number;
  readonly k1: number;
  readonly k2: number;
  /** The number of tokens of one stream that have a successor. */
  readonly length: number;
  readonly #tokens: Int32Array;
  #position = 0;
  #epoch = 0;

  /** @param tokens the training text, at least batch × (max(k1, k2) + 1) tokens */
  constructor(tokens: Int32Array, batch: number, k1: number, k2: number) {
    this.batch = batch;
    this.k1 = k1;
    this.k2 = k2;
    this.length = Math.floor((tokens.length - 1) / batch);
    this.#tokens = tokens;
    if (this.length < Math.max(k1, k2)) throw new RangeError('Too few tokens for one window.');
  }

  /** The number of passes through the text so far, with its fraction. */
  get epoch(): number {
    return this.#epoch + this.#position / this.length;
  }

  get windowsPerEpoch(): number {
    return 1 + Math.floor((this.length - Math.max(this.k1, this.k2)) / this.k1);
  }

  /** The position at which the next window begins in every stream, and the number of completed passes. */
  get place(): StreamPosition {
    return { position: this.#position, epoch: this.#epoch };
  }

  /** @throws Problem when no window begins at this position */
  set place({ position, epoch }: StreamPosition) {
    if (position > this.length - Math.max(this.k1, this.k2))
      throw new Problem(
        'The checkpoint of this run does not fit its text: it cannot go on. Train the model again.',
      );
    this.#position = position;
    this.#epoch = epoch;
  }

  /**
   * Returns the `steps` tokens before the next window, or all since the streams began if there are fewer: [B
   * × n].
   */
  before(steps: number): Int32Array {
    const count = Math.min(steps, this.#position);
    return this.#read(this.#position - count, count, 0);
  }

  next(): Window {
    const { k1, k2 } = this;
    const span = Math.max(k1, k2);
    const restart = this.#position === 0;
    const lead = span - k2;
    const counted = restart || k2 <= k1 ? 0 : k2 - k1;
    const window: Window = {
      lead: this.#read(this.#position, lead, 0),
      x: this.#read(this.#position + lead, k2, 0),
      y: this.#read(this.#position + lead, k2, 1, counted),
      restart,
      carry: Math.min(k1, k2),
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
    for (let row = 0; row < this.batch; row++)
      for (let t = 0; t < steps; t++)
        tokens[row * steps + t] = t < countFrom ? -1 : this.#tokens[row * this.length + from + t + shift];
    return tokens;
  }
}
