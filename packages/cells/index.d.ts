import type { Library, LibraryStart, TensorFlow } from './cells.js';

export type * from './cells.js';
export { builtinCells, Problem } from './cells.js';

/**
 * Registers cells with the caller's TensorFlow.js, on its backends `cpu` and `wasm`.
 * @param tf the caller's own `@tensorflow/tfjs`
 * @param start how the kernels are read, where they are not beside this file; by default they are
 * @throws Problem where WebAssembly has no SIMD
 */
export function cells(tf: TensorFlow, start?: LibraryStart): Promise<Library>;
