// Measures which share of the machine's peak on vectors of 128 bits the matrix products of a training step
// reach, by alternating rounds and their medians. It prints {peak, products} in multiply-adds per second ×2.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { fastestTile } from '../../src/backend/wasm/chooseTile.ts';
import { createMemory, instantiate, loadModule } from '../../src/backend/wasm/module.ts';
import { packedSize, reservedWords, weightGradientScratch } from '../../src/tape/kernels.ts';
import { random } from '../../src/tape/random.ts';
import { median } from './statistics.ts';

const loaded = (await loadModule((build) =>
  readFile(new URL(`../../out/kernels/${build}.wasm`, import.meta.url)),
))!;

async function compilePeak(): Promise<(turns: number, factor: number) => number> {
  const folder = mkdtempSync(join(tmpdir(), 'peak-'));
  try {
    const source = fileURLToPath(new URL('assembly/peak.ts', import.meta.url));
    const out = join(folder, 'peak.wasm');
    const relaxed = loaded.build === 'relaxed' ? ['--enable', 'relaxed-simd'] : [];
    const flags = ['--runtime', 'stub', '-O3', '--noAssert', '--enable', 'simd', ...relaxed];
    const { error, stderr } = await asc.main([source, '--outFile', out, ...flags]);
    if (error) throw new Error(String(stderr));
    const instance = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(out)), {
      env: { abort: () => {} },
    });
    return instance.exports.multiplyAdds as (turns: number, factor: number) => number;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const multiplyAdds = await compilePeak();

/** The sizes of the products of a step of an LSTM of 128 units with half a batch of 50, unroll 50. */
const [rows, all, h, gates] = [25, 1250, 128, 512];
const a = reservedWords;
const b = a + all * gates;
const c = b + all * gates;
const packed = c + all * gates;
const memory = createMemory(loaded.build, packed + packedSize(gates, gates) + weightGradientScratch(gates));
// Pages that were never written are all the same page, which some processors read at half the speed.
const next = random(1);
const floats = new Float32Array(memory.buffer);
for (let i = reservedWords; i < floats.length; i++) floats[i] = next() - 0.5;
const tile = fastestTile(loaded);
const kernels = instantiate(loaded.module, memory, tile);
const products = () => {
  for (let t = 0; t < 50; t++) kernels.matmul(c, gates, a, h, packed, c, gates, rows, h, gates);
  for (let t = 0; t < 50; t++) kernels.matmul(c, h, a, gates, packed, c, h, rows, gates, h);
  kernels.matmul(c, gates, a, h, packed, c, 0, all, h, gates);
  kernels.weightGradient(c, h, a, gates, b, h, packed, gates, all, h);
};
const operations = 2 * gates * h * all * 4;

/** Returns the seconds of processor time, in which what else the machine does is not counted. */
const time = (work: () => void): number => {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
};
const turns = 4_000_000;
const peaks: number[] = [];
const reached: number[] = [];
for (let round = 0; round < 30; round++) {
  const peak = (turns * 12 * 4 * 2) / time(() => multiplyAdds(turns, 0.5));
  const product = operations / time(products);
  // The first rounds run code that is not yet compiled well.
  if (round < 10) continue;
  peaks.push(peak);
  reached.push(product);
}
process.stdout.write(
  `${JSON.stringify({ build: loaded.build, tile, peak: median(peaks), products: median(reached) })}\n`,
);
