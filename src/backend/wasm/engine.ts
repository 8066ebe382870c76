// The engine of compiled cells: WebAssembly with SIMD, on as many threads as it is given.
import type { Engine } from '../engine.ts';
import { type Build, loadModule, type Machine } from './module.ts';
import { WasmNetwork } from './network.ts';
import { WasmPredictor } from './predictor.ts';
import type { Spawn } from './team.ts';
import { fastestTile } from './tiles.ts';

export interface WasmStart {
  /** The bytes of out/kernels/{build}.wasm. */
  read(build: Build): Promise<WebAssembly.BufferSource>;
  /** Parts of a batch: with a seed they decide the result, to the bit. */
  readonly threads: number;
  /** Starts a thread; null where that cannot be. */
  readonly spawn: Spawn | null;
}

/** Null where WebAssembly has no SIMD. */
export async function startWasm({ read, threads, spawn }: WasmStart): Promise<Engine | null> {
  const loaded = await loadModule(read);
  if (!loaded) return null;
  const machine: Machine = {
    ...loaded,
    tile: fastestTile(loaded),
    spawn: loaded.build === 'single' ? null : spawn,
  };
  return {
    name: 'unroll',
    train: (architecture, shape, weights) => new WasmNetwork(machine, threads, architecture, shape, weights),
    predict: (architecture, weights) => new WasmPredictor(machine, architecture, weights),
  };
}
