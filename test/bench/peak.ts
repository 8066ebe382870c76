// Measures which share of the machine's peak the matrix products of a training step reach, with vectors of 128 bits and,
// where they work, of 256, by alternating rounds and their medians. It prints a JSON list of `Share`.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { timeTiles, wideTiles } from '../../src/backend/wasm/chooseTile.ts';
import {
  type Build,
  createMemory,
  instantiate,
  type LoadedModule,
  loadModule,
  type WasmKernels,
} from '../../src/backend/wasm/module.ts';
import type { Tile } from '../../src/backend/wasm/tile.ts';
import { revectorized } from '../../src/backend/wasm/wide.ts';
import { canRevectorize, mayRevectorize, setRevectorizer } from '../../src/platform/node/revectorizer.ts';
import { packedSize, reservedWords, weightGradientScratch } from '../../src/tape/planning/kernels.ts';
import { random } from '../../src/tape/random.ts';
import { median } from './statistics.ts';

/** The speed that the products of a layer reach, and the peak, in operations a second: a multiply-add is two. */
export interface Share {
  readonly build: Build;
  readonly isWide: boolean;
  readonly units: number;
  readonly peak: number;
  readonly products: number;
}

const widths = [64, 128, 256, 512, 1024];
const gatesOf = (units: number): number => 4 * units;

/** Half a batch of 50, and a window of 50 steps. */
const [rows, steps] = [25, 50];
const all = rows * steps;

const rounds = 14;
/** The rounds at first that are not counted, since they run code that is not yet compiled well. */
const unsteady = 4;

interface Contender extends LoadedModule {
  readonly isWide: boolean;
  /** Does `sums` multiply-adds of vectors in each turn. */
  readonly multiplyAdds: (turns: number) => void;
  /** The numbers of a vector. */
  readonly width: number;
  readonly tile: Tile;
}

async function contenders(): Promise<Contender[]> {
  const file = (build: Build) => fileURLToPath(new URL(`../../out/kernels/${build}.wasm`, import.meta.url));
  const read = (build: Build) => readFile(file(build));
  if (mayRevectorize) setRevectorizer(false);
  const loaded = (await loadModule(read))!;
  const peak = await compilePeak(loaded.build);
  const compiled = (module: WebAssembly.Module, name: string): Contender['multiplyAdds'] => {
    const { exports } = new WebAssembly.Instance(module, { env: { abort: () => {} } });
    new Float32Array((exports.memory as WebAssembly.Memory).buffer).fill(0.5, 0, 8);
    return exports[name] as Contender['multiplyAdds'];
  };
  const narrow: Contender = {
    ...loaded,
    isWide: false,
    multiplyAdds: compiled(new WebAssembly.Module(peak), 'multiplyAdds'),
    width: 4,
    tile: timeTiles(loaded).tile,
  };
  if (!mayRevectorize || !(await canRevectorize(file(loaded.build)))) return [narrow];
  const wide = await revectorized(loaded, read, setRevectorizer);
  if (!wide) return [narrow];
  const { tile } = timeTiles(wide, wideTiles);
  setRevectorizer(true);
  // An empty custom section, without which V8 would take the code that it has already compiled.
  const module = new WebAssembly.Module(Buffer.from([...peak, 0, 2, 1, 'w'.charCodeAt(0)]));
  setRevectorizer(false);
  return [
    narrow,
    { ...wide, isWide: true, multiplyAdds: compiled(module, 'multiplyAddPairs'), width: 8, tile },
  ];
}

async function compilePeak(build: Build): Promise<Buffer<ArrayBuffer>> {
  const folder = mkdtempSync(join(tmpdir(), 'peak-'));
  try {
    const source = fileURLToPath(new URL('assembly/peak.ts', import.meta.url));
    const out = join(folder, 'peak.wasm');
    const relaxed = build === 'relaxed' ? ['--enable', 'relaxed-simd'] : [];
    // The first bytes of the memory are the factors and the sums.
    const flags = ['--runtime', 'stub', '-O3', '--noAssert', '--enable', 'simd', '--memoryBase', '1024'];
    const { error, stderr } = await asc.main([
      source,
      '--outFile',
      out,
      '--initialMemory',
      '1',
      ...flags,
      ...relaxed,
    ]);
    if (error) throw new Error(String(stderr));
    return Buffer.from(readFileSync(out));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Returns the products of a step of an LSTM: each step's forward and backward, the inputs', and a weight gradient. */
function productsOf(units: number): { operations: number; on(contender: Contender): () => void } {
  const gates = gatesOf(units);
  const a = reservedWords;
  const b = a + all * gates;
  const c = b + all * gates;
  const forward = c + all * gates;
  const backward = forward + packedSize(units, gates);
  const gradient = backward + packedSize(gates, units);
  const scratch = gradient + units * gates;
  const end = scratch + weightGradientScratch(gates);
  const run = (kernels: WasmKernels) => () => {
    // All steps go forward before one goes back, so that one matrix is in the cache at a time, as in a training.
    for (let t = 0; t < steps; t++) {
      const y = c + t * rows * gates;
      kernels.matmul(y, gates, a + t * rows * units, units, forward, y, gates, rows, units, gates);
    }
    for (let t = 0; t < steps; t++) {
      const x = c + t * rows * units;
      kernels.matmul(x, units, b + t * rows * gates, gates, backward, x, units, rows, gates, units);
    }
    kernels.matmul(c, gates, a, units, forward, -1, 0, all, units, gates);
    kernels.weightGradient(gradient, gates, a, units, b, gates, scratch, units, all, gates);
  };
  return {
    operations: 2 * gates * units * all * 4,
    on({ build, module, tile }) {
      const memory = createMemory(build, end);
      // Pages that were never written are all the same page, which some processors read at half the speed.
      const next = random(1);
      const floats = new Float32Array(memory.buffer);
      for (let at = reservedWords; at < floats.length; at++) floats[at] = 0.01 * (next() - 0.5);
      return run(instantiate(module, memory, tile));
    },
  };
}

/** Returns the seconds of processor time, in which what else the machine does is not counted. */
function time(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

const turns = 4_000_000;
/** The multiply-adds of vectors in a turn. */
const sums = 12;

const shares: Share[] = [];
const machines = await contenders();
for (const units of widths) {
  const { operations, on } = productsOf(units);
  const measured = machines.map((contender) => ({
    contender,
    products: on(contender),
    peaks: [] as number[],
    reached: [] as number[],
  }));
  for (let round = 0; round < rounds; round++)
    for (const { contender, products, peaks, reached } of measured) {
      const peak = (2 * sums * contender.width * turns) / time(() => contender.multiplyAdds(turns));
      const product = operations / time(products);
      if (round < unsteady) continue;
      peaks.push(peak);
      reached.push(product);
    }
  for (const { contender, peaks, reached } of measured)
    shares.push({
      build: contender.build,
      isWide: contender.isWide,
      units,
      peak: median(peaks),
      products: median(reached),
    });
}
process.stdout.write(`${JSON.stringify(shares)}\n`);
