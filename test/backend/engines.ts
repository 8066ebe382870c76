// The engines that tests compare: the reference, and the compiled engine with a batch in one part and in two.
import type { Engine } from '../../src/backend/engine.ts';
import { startTfjs } from '../../src/backend/tfjs/engine.ts';
import { startWasm } from '../../src/backend/wasm/engine.ts';
import { readKernels } from '../kernels/modules.ts';

/** Starts them on this thread; TensorFlow.js computes without WebAssembly. */
export async function startEngines(): Promise<{ reference: Engine; compiled: readonly [Engine, Engine] }> {
  const start = async (threads: number) => (await startWasm({ read: readKernels, threads, spawn: null }))!;
  const { engine: reference } = await startTfjs('', 'cpu');
  return { reference, compiled: [await start(1), await start(2)] };
}
