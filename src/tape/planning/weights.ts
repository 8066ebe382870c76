// Copies parameters into and out of the layout's memory, and writes the initial states.
import type { State } from '../graph.ts';
import type { Weight, Weights } from '../parameters.ts';
import type { Layout } from './layout.ts';

type Words = Float32Array | Float64Array;

/**
 * @param offset 0, or the distance from the parameters to gradients or moments, which have the same layout
 */
export function writeWeights(memory: Words, layout: Layout, weights: Weights, offset = 0): void {
  for (const [name, { data }] of weights) {
    const { at, rows, columns, rowStride, columnStride } = layout.locations.get(name)!;
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        memory[offset + at + row * rowStride + column * columnStride] = data[row * columns + column];
  }
}

/** @param offset the same as in `writeWeights` */
export function readWeights(
  memory: Words,
  layout: Layout,
  shapes: ReadonlyMap<string, readonly number[]>,
  offset = 0,
): Map<string, Weight> {
  const weights = new Map<string, Weight>();
  for (const [name, shape] of shapes) {
    const { at, rows, columns, rowStride, columnStride } = layout.locations.get(name)!;
    const data = new Float32Array(rows * columns);
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        data[row * columns + column] = memory[offset + at + row * rowStride + column * columnStride];
    weights.set(name, { shape, data });
  }
  return weights;
}

/**
 * Writes h[0] to where the next window finds the streams' states.
 * @param fresh [batch]: only streams where this is 0 get h[0]; without it all streams do
 */
export function writeInitialStates(
  memory: Words,
  states: readonly State[],
  layout: Layout,
  carry: number,
  batch: number,
  fresh?: ArrayLike<number>,
): void {
  let at = carry;
  for (const { node, lags, initial, first } of states) {
    const learned = 'learned' in initial ? layout.locations.get(initial.learned)!.at : null;
    for (let row = 0; row < lags * batch; row++, at += node.width) {
      if (fresh && fresh[row % batch] !== 0) continue;
      memory.fill(0, at + first, at + node.width);
      if ('value' in initial) memory.fill(initial.value, at, at + first);
      else memory.copyWithin(at, learned!, learned! + first);
    }
  }
}
