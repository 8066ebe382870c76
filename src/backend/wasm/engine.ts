// The engine of compiled cells runs WebAssembly with SIMD, on as many threads as it is given.
import type { Engine } from '../engine.ts';
import { fastestTile, timeTiles, wideTiles } from './chooseTile.ts';
import { gaussNewtonOn } from './gaussNewton.ts';
import { type Build, type LoadedModule, loadModule, type Machine } from './module.ts';
import { WasmNetwork } from './network.ts';
import { planNetwork } from './networkPlan.ts';
import { WasmPredictor } from './predictor.ts';
import type { Spawn } from './setup.ts';
import { WasmTargetPredictor } from './targetPredictor.ts';
import type { Tile } from './tile.ts';
import { revectorized, type SetRevectorizer } from './wide.ts';

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
  readonly setRevectorizer?: SetRevectorizer;
  /** Whether wide vectors are used only where they are faster, and not wherever they compute the same. */
  readonly mustBeFaster?: boolean;
}

/** The least ratio of speeds at which wide vectors count as faster; less may be chance. */
const leastGain = 1.15;

/** Starts the engine, or returns null where WebAssembly has no SIMD. */
export async function startWasm({
  read,
  threads,
  spawn,
  setRevectorizer,
  mustBeFaster = false,
}: WasmStart): Promise<Engine | null> {
  // The flags may have been set when the process was started.
  setRevectorizer?.(false);
  const loaded = await loadModule(read);
  if (!loaded) return null;
  const chosen = setRevectorizer ? await tryWide(loaded, read, setRevectorizer, mustBeFaster) : null;
  const machine: Machine = {
    ...(chosen ?? { ...loaded, tile: fastestTile(loaded) }),
    spawn: loaded.build === 'single' ? null : spawn,
  };
  return {
    name: chosen?.isWide ? 'unroll-wide' : 'unroll',
    ...(chosen ? { reason: chosen.reason } : {}),
    train: (architecture, shape, weights, tables = null) =>
      new WasmNetwork(machine, threads, architecture, shape, weights, tables),
    trainingBytes: (architecture, shape, tables) => 4 * planNetwork(threads, architecture, shape, tables).end,
    predict: (architecture, weights) => new WasmPredictor(machine, architecture, weights),
    gaussNewton: (architecture, shape, tables = null) => gaussNewtonOn(machine, architecture, shape, tables),
    predictTarget: (architecture, weights) => new WasmTargetPredictor(machine, architecture, weights),
  };
}

interface Chosen extends LoadedModule {
  readonly tile: Tile;
  readonly isWide: boolean;
  readonly reason: string;
}

/** Chooses between the module and itself with wide vectors, and says why. */
async function tryWide(
  loaded: LoadedModule,
  read: WasmStart['read'],
  setRevectorizer: SetRevectorizer,
  mustBeFaster: boolean,
): Promise<Chosen> {
  const wide = await revectorized(loaded, read, setRevectorizer);
  if (!wide)
    return {
      ...loaded,
      tile: fastestTile(loaded),
      isWide: false,
      reason: 'wide vectors do not compute the same here',
    };
  const [narrowly, widely] = [timeTiles(loaded), timeTiles(wide, wideTiles)];
  const gain = narrowly.milliseconds / widely.milliseconds;
  if (mustBeFaster && gain < leastGain)
    return { ...loaded, tile: narrowly.tile, isWide: false, reason: 'wide vectors are not faster here' };
  const reason = `matrix products ${gain.toFixed(1)} times as fast here as without wide vectors`;
  return { ...wide, tile: widely.tile, isWide: true, reason };
}
