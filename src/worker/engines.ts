// Starts the engine that a run asks for, with what it needs from the disk.
import type { Engine } from '../backend/engine.ts';
import { startTfjs } from '../backend/tfjs/engine.ts';

export interface EngineStart {
  readonly engine: Engine;
  /** A sentence when it is not the engine that was asked for. */
  readonly fallback: string | null;
}

/** @param assets folder with the WebAssembly files, as the build lays them out */
export async function startEngine(assets: string): Promise<EngineStart> {
  return startTfjs(`${assets}/tfjs/`);
}
