// The block of shared memory that coordinates a team: the orders for a step, each part's results, and the
// synchronisation of the threads.
import type { TeamSetup } from './setup.ts';

/** The caller's orders for a step. */
export interface Orders {
  /** The number of steps that are read without learning; 0 is a step of training. */
  readonly read: number;
  /** The number of steps of a window of training. */
  readonly steps: number;
  /** The first counted step: targets before it are not read. */
  readonly countFrom: number;
  /** The number of positions of a source, for a step of training and for reading. */
  readonly positions: number;
  readonly carry: number;
  readonly learningRate: number;
  readonly clip: number;
  readonly l1: number;
  readonly l2: number;
  /** The number of updates so far, including this one, for Adam's bias correction. */
  readonly update: number;
}

/**
 * The locations of the whole numbers. They are followed by 64-bit numbers: the orders and each part's results.
 */
export const integers = { generation: 0, arrived: 1, phase: 2, ready: 3 } as const;
const orderNames = [
  'read',
  'steps',
  'countFrom',
  'positions',
  'carry',
  'learningRate',
  'clip',
  'l1',
  'l2',
  'update',
] as const;
const integerWords = 16;
const orderWords = 32;
/** The words of one part's two results, which fill a cache line. */
const resultWords = 16;

/** Returns the words that the control of a team takes. @param parts the parts of a batch, each with a member of its own */
export const controlSize = (parts: number): number => integerWords + orderWords + parts * resultWords;

/** Reads and writes the control block of a team; each thread has a `Control` of its own on the same memory. */
export class Control {
  readonly #setup: TeamSetup;
  #views: ControlViews;

  constructor(setup: TeamSetup) {
    this.#setup = setup;
    this.#views = controlViews(setup);
  }

  /** The views are made again when a memory that is not shared has grown, which detaches its views. */
  get #current(): ControlViews {
    if (this.#views.integers.buffer !== this.#setup.memory.buffer) this.#views = controlViews(this.#setup);
    return this.#views;
  }

  get integers(): Int32Array {
    return this.#current.integers;
  }

  order(orders: Orders): void {
    for (const [index, name] of orderNames.entries()) this.#current.orders[index] = orders[name];
  }

  get orders(): Orders {
    const [read, steps, countFrom, positions, carry, learningRate, clip, l1, l2, update] =
      this.#current.orders;
    return { read, steps, countFrom, positions, carry, learningRate, clip, l1, l2, update };
  }

  /** Stores a part's result. @param index 0 for the sum of losses, 1 for the gradients' sum of squares */
  report(part: number, index: 0 | 1, value: number): void {
    this.#current.results[(part * resultWords) / 2 + index] = value;
  }

  /** Returns the sum over the parts of one of their two results. */
  total(parts: number, index: 0 | 1): number {
    let sum = 0;
    for (let part = 0; part < parts; part++) sum += this.#current.results[(part * resultWords) / 2 + index];
    return sum;
  }
}

interface ControlViews {
  readonly integers: Int32Array;
  readonly orders: Float64Array;
  readonly results: Float64Array;
}

const controlViews = ({ memory, control, parts }: TeamSetup): ControlViews => ({
  integers: new Int32Array(memory.buffer, control * 4, integerWords),
  orders: new Float64Array(memory.buffer, (control + integerWords) * 4, orderWords / 2),
  results: new Float64Array(
    memory.buffer,
    (control + integerWords + orderWords) * 4,
    (parts.length * resultWords) / 2,
  ),
});
