// The public face for programs with TensorFlow.js: any cell at the speed of the compiled engine.
import { loadModule } from '../backend/wasm/module.ts';
import { fastestTile } from '../backend/wasm/tiles.ts';
import { builtinCells as builtin } from '../cells/index.ts';
import { Problem as OwnProblem } from '../protocol/problem.ts';
import { CompiledCell } from './cell.ts';
import { defineLayer } from './layer.ts';
import { registerOperation } from './operation.ts';
import type { CellShape, Library, LibraryStart, TensorFlow } from './types.ts';

export type * from './types.ts';

/** Their texts by name. */
export const builtinCells: ReadonlyMap<string, string> = builtin;

/** What is thrown where the caller can mend something: `message` is a sentence that says what. */
export type Problem = Error;
export const Problem: new (message: string) => Problem = OwnProblem;

/**
 * Makes the caller's TensorFlow.js know cells, on its backends `cpu` and `wasm`.
 * @param tf `@tensorflow/tfjs`, the caller's own
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
