// Chooses the WebAssembly module of the kernels that this JavaScript engine can run, and instantiates it.
import { layerNormEpsilon } from '../../language/values.ts';
import { Problem } from '../../protocol/problem.ts';
import type { Kernels } from '../../tape/planning/kernels.ts';
import type { Spawn } from './setup.ts';
import type { Tile } from './tile.ts';

/** The kernels that an instance of a module exports. */
export interface WasmKernels extends Kernels {
  /** Sets the register tile of `matmul`, and the first word of the scratch memory that is the instance's own. */
  setTile(columns: number, rows: number, scratch: number): void;
}

/** The builds of the kernels: with SIMD, with relaxed SIMD, and with SIMD for a memory that is not shared. */
export type Build = 'simd' | 'relaxed' | 'single';

/** The builds, best first; `single` is for environments where memory cannot be shared. */
export const builds: readonly Build[] = ['relaxed', 'simd', 'single'];

/** A compiled module of the kernels, which each thread instantiates. */
export interface LoadedModule {
  readonly build: Build;
  readonly module: WebAssembly.Module;
}

/** The module, tile and threads that an engine runs on. */
export interface Machine extends LoadedModule {
  readonly tile: Tile;
  readonly spawn: Spawn | null;
}

/**
 * Compiles the first build that this JavaScript engine accepts, or returns null where it has no SIMD.
 * @param read reads the bytes of out/kernels/{build}.wasm
 */
export async function loadModule(
  read: (build: Build) => Promise<WebAssembly.BufferSource>,
): Promise<LoadedModule | null> {
  for (const build of builds) {
    if (build !== 'single' && typeof SharedArrayBuffer === 'undefined') continue;
    const bytes = await read(build);
    if (WebAssembly.validate(bytes)) return { build, module: await WebAssembly.compile(bytes) };
  }
  return null;
}

/** The number of 32-bit words of a page of WebAssembly memory. */
export const pageWords = 65536 / 4;

/** The largest number of pages, because a WebAssembly memory is addressed by 32 bits. */
const mostPages = 65536;

/**
 * Creates a memory.
 * @param words how many 32-bit words must fit
 * @throws Problem when they are more than a memory can hold or than the machine has
 */
export function createMemory(build: Build, words: number): WebAssembly.Memory {
  const initial = Math.ceil(words / pageWords);
  const size = `${((4 * words) / 1e9).toFixed(1)} GB`;
  if (initial > mostPages)
    throw new Problem(
      `The network takes ${size} of memory with its windows, and the engine has 4.3 GB. Take fewer units or layers, or make \`train.batch\` or \`train.k2\` smaller.`,
    );
  try {
    return new WebAssembly.Memory(
      build === 'single' ? { initial } : { initial, maximum: mostPages, shared: true },
    );
  } catch {
    throw new Problem(
      `The network takes ${size} of memory with its windows, which this machine does not give. Close other programs, take fewer units or layers, or make \`train.batch\` or \`train.k2\` smaller.`,
    );
  }
}

/** Instantiates a module. @param part the instance's own number among those that share a memory, below 64 */
export function instantiate(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  { columns, rows }: Tile,
  part = 0,
): WasmKernels {
  const { exports } = new WebAssembly.Instance(module, { env: { memory, layerNormEpsilon } });
  const kernels = exports as unknown as WasmKernels;
  kernels.setTile(columns, rows, scratchOf(part));
  return kernels;
}

/** Returns the first scratch word of an instance; the kernels' constants are in the first 512 words. */
export const scratchOf = (part: number): number => 512 + part * 112;
