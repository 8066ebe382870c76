// The states that the streams of a batch carry from one window to the next.

import type { State } from '../../tape/graph.ts';
import { carrySize } from '../../tape/planning/carry.ts';
import type { Layout } from '../../tape/planning/layout.ts';
import { writeInitialStates } from '../../tape/planning/weights.ts';
import type { Weights } from '../engine.ts';

interface Slice {
  readonly name: string;
  /** The first word. */
  readonly at: number;
  /** The numbers of streams and units. */
  readonly shape: readonly [number, number];
}

/** The carried states of all streams of a batch, which stand in the memory of the tapes. */
export class Streams {
  /** Whether each stream begins the next window at h[0], [batch]: 0 if it does, otherwise -1. */
  readonly fresh: Int32Array;
  /** The first word of the states, whose layout is that of carry.ts. */
  readonly at: number;
  readonly #states: readonly State[];
  readonly #layout: Layout;

  constructor(states: readonly State[], layout: Layout, at: number, batch: number) {
    this.#states = states;
    this.#layout = layout;
    this.at = at;
    this.fresh = new Int32Array(batch);
  }

  /** The first word behind the states. */
  get end(): number {
    return this.at + carrySize(this.#states, this.fresh.length);
  }

  /** Lets these streams, or all of them, begin the next window at h[0]. */
  reset(streams?: readonly number[]): void {
    if (streams) for (const stream of streams) this.fresh[stream] = 0;
    else this.fresh.fill(0);
  }

  /** Writes h[0] into the memory for the streams that begin there. */
  begin(memory: Float32Array): void {
    writeInitialStates(memory, this.#states, this.#layout, this.at, this.fresh.length, this.fresh);
  }

  /** Lets all streams begin the next window where this one has ended. */
  carryOn(): void {
    this.fresh.fill(-1);
  }

  /** Copies the states, [batch × units] each, by name and lag; null where all streams begin at h[0]. */
  read(memory: Float32Array): Weights | null {
    if (this.fresh.every((each) => each === 0)) return null;
    return new Map(
      this.#slices().map(({ name, at, shape }) => [
        name,
        { shape, data: memory.slice(at, at + shape[0] * shape[1]) },
      ]),
    );
  }

  /**
   * Goes on from states that `read` has returned.
   * @returns false, having changed nothing, if their names or shapes are those of another network or batch
   */
  write(memory: Float32Array, states: Weights | null): boolean {
    if (!states) {
      this.reset();
      return true;
    }
    const slices = this.#slices();
    if (!slices.every(({ name, shape }) => `${states.get(name)?.shape}` === `${shape}`)) return false;
    for (const { name, at } of slices) memory.set(states.get(name)!.data, at);
    this.carryOn();
    return true;
  }

  #slices(): Slice[] {
    const batch = this.fresh.length;
    let end = this.at;
    return this.#states.flatMap(({ key, node, lags }) =>
      Array.from({ length: lags }, (_, index) => {
        const at = end;
        end += batch * node.width;
        return { name: `${key}@${index + 1}`, at, shape: [batch, node.width] as const };
      }),
    );
  }
}
