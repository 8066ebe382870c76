// The engine of compiled cells runs WebAssembly with SIMD, on as many threads as it is given.
import type { Engine } from '../engine.ts';
import { fastestTile, tiles, wideTiles } from './chooseTile.ts';
import { type Build, loadModule, type Machine } from './module.ts';
import { WasmNetwork } from './network.ts';
import { WasmPredictor } from './predictor.ts';
import type { Spawn } from './setup.ts';
import { type Widen, widened } from './wide.ts';

export interface WasmStart {
  /** Reads the bytes of out/kernels/{build}.wasm. */
  read(build: Build): Promise<WebAssembly.BufferSource>;
  /** The number of parts of a batch. Together with the seed it determines the result, to the bit. */
  readonly threads: number;
  /** Starts a thread; null where threads cannot be started. */
  readonly spawn: Spawn | null;
  /**
   * Turns V8's revectorizer on and off; the engine is `unroll-wide` where it could be used, else `unroll`.
   */
  readonly widen?: Widen;
}

/** Starts the engine, or returns null where WebAssembly has no SIMD. */
export async function startWasm({ read, threads, spawn, widen }: WasmStart): Promise<Engine | null> {
  const loaded = await loadModule(read);
  if (!loaded) return null;
  const wide = widen ? await widened(loaded, read, widen) : null;
  const machine: Machine = {
    ...(wide ?? loaded),
    tile: wide ? fastestTile(wide, [...tiles, ...wideTiles]) : fastestTile(loaded),
    spawn: loaded.build === 'single' ? null : spawn,
  };
  return {
    name: wide ? 'unroll-wide' : 'unroll',
    train: (architecture, shape, weights) => new WasmNetwork(machine, threads, architecture, shape, weights),
    predict: (architecture, weights) => new WasmPredictor(machine, architecture, weights),
  };
}
