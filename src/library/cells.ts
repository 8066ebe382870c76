// The public interface for programs that use TensorFlow.js: any cell at the speed of the compiled engine.

import { fastestTile } from '../backend/wasm/chooseTile.ts';
import { loadModule } from '../backend/wasm/module.ts';
import { cellsWithoutEncoder } from '../cells/index.ts';
import { Problem as OwnProblem } from '../protocol/problem.ts';
import { CompiledCell } from './cell.ts';
import { defineLayer } from './layer.ts';
import { registerOperation } from './operation.ts';
import type { CellShape, Library, LibraryStart, TensorFlow } from './types.ts';

export type * from './types.ts';

/** The texts of the built-in cells by name; a decoder is none of them, because a layer has no encoder. */
export const builtinCells: ReadonlyMap<string, string> = cellsWithoutEncoder;

/** The error that is thrown for mistakes that the caller can correct; `message` says in a sentence which. */
export type Problem = Error;
export const Problem: new (message: string) => Problem = OwnProblem;

/**
 * Registers cells with the caller's TensorFlow.js, on its backends `cpu` and `wasm`.
 * @param tf the caller's own `@tensorflow/tfjs`
 * @throws Problem where WebAssembly has no SIMD
 */
export async function cells(tf: TensorFlow, { read }: LibraryStart): Promise<Library> {
  const loaded = await loadModule(read);
  if (!loaded) throw new Problem('WebAssembly has no SIMD here, which the compiled cells need.');
  const machine = { ...loaded, tile: fastestTile(loaded), spawn: null };
  registerOperation(tf);
  const cell = (text: string, shape: CellShape) => new CompiledCell(tf, machine, text, shape);
  const Layer = defineLayer(tf, cell);
  return { cell, layer: (config) => new Layer(config) };
}
