// The public face for programs with TensorFlow.js: any cell at the speed of the compiled engine.
import { type Build, loadModule } from '../backend/wasm/module.ts';
import { fastestTile } from '../backend/wasm/tiles.ts';
import { Problem } from '../protocol/problem.ts';
import { Cell, type CellShape } from './cell.ts';
import { type CellLayerConfig, defineLayer } from './layer.ts';
import { registerOperation, type TensorFlow } from './operation.ts';

export { builtinCells } from '../cells/index.ts';
export { type Cell, type CellLayerConfig, type CellShape, Problem, type TensorFlow };

export interface LibraryStart {
  /** The bytes of `kernels/{build}.wasm`. */
  read(build: Build): Promise<WebAssembly.BufferSource>;
}

/**
 * Makes the caller's TensorFlow.js know cells, on its backends `cpu` and `wasm`.
 * @param tf `@tensorflow/tfjs`, the caller's own
 * @throws Problem where WebAssembly has no SIMD
 */
export async function cells(tf: TensorFlow, { read }: LibraryStart) {
  const loaded = await loadModule(read);
  if (!loaded) throw new Problem('WebAssembly has no SIMD here, which the compiled cells need.');
  const machine = { ...loaded, tile: fastestTile(loaded), spawn: null };
  registerOperation(tf);
  const cell = (text: string, shape: CellShape): Cell => new Cell(tf, machine, text, shape);
  const CellLayer = defineLayer(tf, cell);
  return {
    /** The name of a built-in cell, or the text of a `.rnn` file, as a differentiable operation. */
    cell,
    /** The same as a layer: `model.add(layer({ cell: 'GRU', units: 64 }))`. */
    layer: (config: CellLayerConfig) => new CellLayer(config),
  };
}
