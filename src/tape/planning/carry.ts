// Carries states between two windows. The layout is [batch × width] for each state and each lag from 1.
import { type Axis, axisOf, type State } from '../graph.ts';
import type { Instruction } from './program.ts';

/** Returns the size of the carried states in words. */
export const carrySize = (states: readonly State[], batch: number): number =>
  states.reduce((sum, { node, lags }) => sum + lags * batch * node.width, 0);

/** Returns the longest lag of the states along an axis; 0 where there is none. */
export const longestLag = (states: readonly State[], axis: Axis): number =>
  Math.max(0, ...states.filter(({ node }) => axisOf(node) === axis).map(({ lags }) => lags));

/** The location of the carried states of all streams, and the streams that a tape has. */
export interface Carried {
  /** The first word of the carried states. */
  readonly carry: number;
  readonly batch: number;
  readonly firstRow: number;
  readonly rows: number;
}

/**
 * Makes the instructions that load and save the carried states.
 * @param slot returns the location of a state `lag` steps before the window's first
 * @returns the instructions that load each state into a window, and those that save all of them after its
 * last step
 */
export function carryOver(
  states: readonly State[],
  { carry, batch, firstRow, rows }: Carried,
  slot: (state: State, lag: number) => { at: number; step: number; stride: number },
): { loads: ReadonlyMap<State, readonly Instruction[]>; save: readonly Instruction[] } {
  const loads = new Map<State, Instruction[]>();
  const save: Instruction[] = [];
  let carried = carry;
  for (const state of states) {
    const { width } = state.node;
    const load: Instruction[] = [];
    for (let lag = 1; lag <= state.lags; lag++) {
      const outside = carried + firstRow * width;
      carried += batch * width;
      const { at, step, stride } = slot(state, lag);
      load.push({ kernel: 'copy', arguments: [at, stride, outside, width, rows, width] });
      // A source is read whole, so that the states at its positions end with it.
      if (axisOf(state.node) === 'step')
        save.push({ kernel: 'copy', arguments: [outside, width, { at, step }, stride, rows, width] });
    }
    loads.set(state, load);
  }
  return { loads, save };
}
