// Runs a kernel on WebAssembly in 32 bits and on scalars in 64, and compares the memories.
import { expect } from 'vitest';
import { builds, createMemory, instantiate, type WasmKernels } from '../../src/backend/wasm/module.ts';
import type { Tile } from '../../src/backend/wasm/tile.ts';
import { type Kernels, reservedWords } from '../../src/tape/planning/kernels.ts';
import { scalarKernels } from '../../src/tape/scalar/scalarKernels.ts';
import { readKernels } from './modules.ts';

export const words = 1 << 18;
/** The place beyond which kernels may leave whatever they like. */
export const scratch = 196608;
/** The number of words that are compared at once. */
const blockWords = 512;
export const modules = await Promise.all(
  builds.map(async (build) => ({ build, module: await WebAssembly.compile(await readKernels(build)) })),
);
export const tiles: Tile[] = [
  { columns: 16, rows: 2 },
  { columns: 8, rows: 4 },
  { columns: 8, rows: 5 },
  { columns: 8, rows: 6 },
  { columns: 16, rows: 3 },
  { columns: 16, rows: 4 },
  { columns: 16, rows: 5 },
  { columns: 16, rows: 6 },
];

/** A call of a kernel, and the floats and integers that are at their places before it. */
export interface Case {
  readonly floats?: Record<number, readonly number[]>;
  readonly integers?: Record<number, readonly number[]>;
  readonly call: (kernels: Kernels) => unknown;
  readonly tile?: Tile;
  /** The largest difference allowed, relative to 1 or the number itself, whichever is greater. */
  readonly tolerance?: number;
}

/** The memories of one build, which every case begins with zeros. */
export class Machine {
  readonly #module: WebAssembly.Module;
  readonly #memory: WebAssembly.Memory;
  readonly #ofTiles = new Map<Tile, WasmKernels>();
  readonly #fast: Float32Array<ArrayBuffer>;
  readonly #integers: Int32Array;
  readonly #slow = new Float64Array(words);
  /** The numbers of `#slow` in 32 bits. */
  readonly #rounded = new Float32Array(words);

  constructor(build: (typeof builds)[number], module: WebAssembly.Module) {
    this.#module = module;
    this.#memory = createMemory(build, words);
    this.#fast = new Float32Array(this.#memory.buffer);
    this.#integers = new Int32Array(this.#memory.buffer);
  }

  #kernels(tile: Tile): WasmKernels {
    const known = this.#ofTiles.get(tile);
    if (known) return known;
    // Instances that share a memory have scratch of their own.
    const made = instantiate(this.#module, this.#memory, tile, tiles.indexOf(tile));
    this.#ofTiles.set(tile, made);
    return made;
  }

  /** Runs a case on WebAssembly in 32 bits and on scalars in 64; the whole memory must agree afterwards. */
  check({ floats = {}, integers = {}, call, tile = tiles[0], tolerance = 1e-5 }: Case): void {
    const [fast, slow, rounded] = [this.#fast, this.#slow, this.#rounded];
    const kernels = this.#kernels(tile);
    // The first words hold what the module itself needs.
    fast.fill(0, reservedWords);
    slow.fill(0);
    for (const [place, values] of Object.entries(floats)) {
      fast.set(values, Number(place));
      slow.set(Float32Array.from(values), Number(place));
    }
    for (const [place, values] of Object.entries(integers)) {
      this.#integers.set(values, Number(place));
      slow.set(values, Number(place));
    }
    const returned = call(kernels);
    const expected = call(scalarKernels(slow));
    const close = (actual: number, wanted: number) =>
      Object.is(actual, Math.fround(wanted)) ||
      actual === Math.fround(wanted) ||
      Math.abs(actual - wanted) <= tolerance * Math.max(1, Math.abs(wanted));
    if (typeof expected === 'number')
      expect(close(returned as number, expected), `${returned}, not ${expected}`).toBe(true);
    for (const [place, { length }] of Object.entries(integers))
      for (const each of [fast, slow]) each.fill(0, Number(place), Number(place) + length);
    rounded.set(slow);
    // Most of the memory is zero on both sides, and equal bytes are compared fastest.
    for (let from = reservedWords; from < scratch; from += blockWords) {
      const length = Math.min(blockWords, scratch - from);
      if (bytes(fast, from, length).equals(bytes(rounded, from, length))) continue;
      for (let place = from; place < from + length; place++)
        if (!close(fast[place], slow[place])) expect.fail(`at ${place}: ${fast[place]}, not ${slow[place]}`);
    }
  }
}

const bytes = (of: Float32Array<ArrayBuffer>, from: number, length: number): Buffer =>
  Buffer.from(of.buffer, of.byteOffset + 4 * from, 4 * length);
