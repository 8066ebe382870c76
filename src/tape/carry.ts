// The states between two windows: for each state and each lag, from 1, [batch × width].
import type { State } from './graph.ts';
import type { Instruction } from './program.ts';

/** In words. */
export const carrySize = (states: readonly State[], batch: number): number =>
  states.reduce((sum, { node, lags }) => sum + lags * batch * node.width, 0);

/** Where the carried states are, of all streams, and which of these are here. */
export interface Carried {
  /** First word. */
  readonly carry: number;
  readonly batch: number;
  readonly firstRow: number;
  readonly rows: number;
}

/**
 * @param slot where a state is, so many steps before the window's first
 * @returns what brings each state into a window, and what takes them all out of it after its last step
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
      save.push({ kernel: 'copy', arguments: [outside, width, { at, step }, stride, rows, width] });
    }
    loads.set(state, load);
  }
  return { loads, save };
}
