// Describes the data of a run, whatever it was read from: batches of rows of tokens with a target at some of the
// steps, and rows that are held out. Training knows no more of its data than this.
import type { Baseline } from '../protocol/metric.ts';

/** Numbers by row, where tokens and targets are the indices of rows. Both fields may be one array. */
export interface Series {
  /** The inputs, [n × inputs]. */
  readonly inputs: Float32Array;
  /** The targets, [n × outputs]. */
  readonly targets: Float32Array;
}

/** Rows of tokens that are read side by side. */
export interface Rows {
  readonly rows: number;
  /** The tokens that are read, [rows × T × tokens of a step]; -1 is padding behind the end of a row. */
  readonly x: Int32Array;
  /** The target of each step, which is -1 where none is counted, as in padding: [rows × T]. */
  readonly y: Int32Array;
  /**
   * The tokens of each row's source, [rows × S], with -1 behind its end; missing where rows have none. x and y are then
   * what the decoder reads and is to write.
   */
  readonly source?: Int32Array;
}

/** The rows of one update, as many in every batch of a run. */
export interface Batch extends Rows {
  /** The tokens of each row that are read before x without learning, [rows × n]; n may be 0. */
  readonly lead: Int32Array;
  /** Whether all rows begin at h[0]. If not, each begins in the state that was carried from the last batch. */
  readonly restart: boolean;
  /** The number of steps of x after which the state is carried to the next batch. */
  readonly carry: number;
  /** The number of tokens that are learned from; one that two batches share counts in one of them. */
  readonly tokens: number;
}

/** A place in the data: the number of completed passes, and a position in the pass, which the data defines. */
export interface BatchCursor {
  readonly position: number;
  readonly epoch: number;
}

/** The training part as an endless sequence of batches. */
export interface Batches {
  /** B, the number of rows of every batch. */
  readonly batch: number;
  /** The largest number of steps T of a batch. */
  readonly steps: number;
  /** The largest number of positions S of a source; missing where rows have none. */
  readonly positions?: number;
  /** The number of passes through the training part so far, with its fraction. */
  readonly epoch: number;
  /** The number of batches of a pass. */
  readonly perEpoch: number;
  /** The place of the next batch. @throws Problem when it is set to one where no batch begins */
  cursor: BatchCursor;
  next(): Batch;
  /** Returns the steps before the next batch that led to the carried states, at most `steps`: [B × n]. */
  before(steps: number): Int32Array;
}

/** The options on which the batches of a run depend. */
export interface BatchOptions {
  /** The number of rows that is asked for; there may be fewer. */
  readonly batch: number;
  /** The numbers of steps between two updates, and over which gradients go back, where rows are long. */
  readonly k1: number;
  readonly k2: number;
  /** The seed of the order, where there is a random one. */
  readonly seed: number;
}

/** The summed loss of the targets of some rows. */
export interface Cost {
  readonly bits: number;
  /** The number of units, such as characters or rows, over which the loss is a mean. */
  readonly units: number;
}

/** A row of the training part that a network is looked into on. */
export interface ProbedRow {
  /** Its tokens, [n × tokens of a step]. */
  readonly tokens: Int32Array;
  /** The target after the last of them. */
  readonly target: number;
  /** The step in its middle with its target, where each step has one. */
  readonly middle?: { readonly at: number; readonly target: number };
}

/** The data of a run. Losses are in bits per unit, such as a character or a row. */
export interface Dataset {
  /** The numbers that tokens are the indices of; missing where tokens are read. */
  readonly series?: Series;
  /** @throws Problem when there is too little for one batch */
  batches(options: BatchOptions): Batches;
  /**
   * Returns the training part in blocks of at most `rows` rows, each from h[0]. Steps at which the states still depend
   * on where a long row begins have no targets.
   */
  training(rows: number): Iterable<Rows>;
  /** Returns the held-out part, in blocks of at most `rows` rows; none where nothing is held out. */
  heldOut(rows: number): readonly Rows[];
  /**
   * Returns batches of the held-out part and of as much of the training part, which is not to be forgotten
   * over it; null where there is too little for one batch of this shape.
   */
  heldOutBatches(shape: { readonly batch: number; readonly steps: number }): Batches | null;
  /**
   * Returns a row of the training part, always the same one, for looking into a network.
   * @param steps the most steps of it
   * @returns null where there is no such row
   */
  probed(steps: number): ProbedRow | null;
  /** Converts the mean loss in nats over the counted ones of some targets. */
  cost(nats: number, targets: Int32Array): Cost;
  /** The bits per unit of guessing uniformly. */
  readonly uniform: number;
  /** The values that guessing without a network reaches, in the metric of the task. */
  readonly baselines: readonly Baseline[];
  readonly charactersPerToken: number;
  /** Sentences about what of the data is not as the user may expect. */
  readonly remarks: readonly string[];
}
