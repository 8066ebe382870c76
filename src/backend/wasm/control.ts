// The block of shared memory over which a team works together: the orders for a step, what each part found in it, and
// how far the threads are.
import type { TeamSetup } from './setup.ts';

/** What the caller says about a step. */
export interface Orders {
  /** So many steps are only read; 0 is a step of training. */
  readonly read: number;
  /** The first step that counts. */
  readonly countFrom: number;
  readonly carry: number;
  readonly learningRate: number;
  readonly clip: number;
  readonly l1: number;
  readonly l2: number;
  /** Updates so far, with this one: for Adam's correction. */
  readonly update: number;
}

/** Whole numbers, by their place; then numbers of 64 bit: orders, and what each part found. */
export const integers = { generation: 0, arrived: 1, phase: 2, ready: 3 } as const;
const orderNames = ['read', 'countFrom', 'carry', 'learningRate', 'clip', 'l1', 'l2', 'update'] as const;
const integerWords = 16;
const orderWords = 32;
/** Two results a part, a cache line each. */
const resultWords = 16;

export const controlSize = (parts: number): number => integerWords + orderWords + parts * resultWords;

export class Control {
  readonly #setup: TeamSetup;
  #views: ControlViews;

  constructor(setup: TeamSetup) {
    this.#setup = setup;
    this.#views = controlViews(setup);
  }

  /** A memory that is not shared leaves its views empty when it grows. */
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
    const [read, countFrom, carry, learningRate, clip, l1, l2, update] = this.#current.orders;
    return { read, countFrom, carry, learningRate, clip, l1, l2, update };
  }

  /** @param index 0: sum of losses, 1: sum of squares of the gradients */
  report(part: number, index: 0 | 1, value: number): void {
    this.#current.results[(part * resultWords) / 2 + index] = value;
  }

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
