// Measures which register tile is fastest. It depends on the machine and on the JavaScript engine's version,
// and a wrong one costs half the speed.
import { packedSize, reservedWords, weightGradientScratch } from '../../tape/planning/kernels.ts';
import { createMemory, instantiate, type LoadedModule, scratchOf } from './module.ts';
import type { Tile } from './tile.ts';

/** The candidates where registers have 128 bits. */
export const tiles: readonly Tile[] = [
  { columns: 16, rows: 2 },
  { columns: 8, rows: 4 },
  { columns: 8, rows: 5 },
  { columns: 8, rows: 6 },
];

/** The candidates where registers have 256 bits, with tiles of twice the size. */
export const wideTiles: readonly Tile[] = [
  { columns: 16, rows: 3 },
  { columns: 16, rows: 4 },
  { columns: 16, rows: 5 },
  { columns: 16, rows: 6 },
];

/** The timing uses a recurrent product of half a batch, [25 × 128] · [128 × 256], and a weight gradient. */
const [m, k, n] = [25, 128, 256];
/** The JavaScript engine compiles twice, so the first rounds are slow and are not counted. */
const rounds = 10;
const millisecondsEach = 1;

/** Returns the fastest tile by timing the candidates, which takes about 40 ms. */
export const fastestTile = (loaded: LoadedModule): Tile => timeTiles(loaded).tile;

/** Times the candidates. @returns the fastest one, and the milliseconds of the products with it */
export function timeTiles(
  { build, module }: LoadedModule,
  candidates = tiles,
): { readonly tile: Tile; readonly milliseconds: number } {
  const a = reservedWords;
  const b = a + m * k;
  const c = b + packedSize(k, n);
  const scratch = c + n * k;
  const kernels = instantiate(module, createMemory(build, scratch + weightGradientScratch(k)), candidates[0]);
  // Pages that were never written share one physical page, which some processors read at half the speed.
  kernels.fill(a, 0, 0.01, 1, scratch - a);
  const best = candidates.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < rounds; round++)
    for (const [index, { columns, rows }] of candidates.entries()) {
      kernels.setTile(columns, rows, scratchOf(0));
      const start = performance.now();
      let count = 0;
      let elapsed = 0;
      while (elapsed < millisecondsEach) {
        kernels.matmul(c, n, a, k, b, -1, 0, m, k, n);
        kernels.weightGradient(c, k, b, n, a, k, scratch, n, m, k);
        count++;
        elapsed = performance.now() - start;
      }
      if (round > 2) best[index] = Math.min(best[index], elapsed / count);
    }
  const milliseconds = Math.min(...best);
  return { tile: candidates[best.indexOf(milliseconds)], milliseconds };
}
