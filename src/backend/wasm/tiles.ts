// Which register tile is fastest here: it moves with the machine and with the engine's version, and a wrong one
// costs half the speed.
import { packedSize, reservedWords } from '../../tape/kernels.ts';
import { createMemory, instantiate, type LoadedModule, scratchOf, type Tile } from './module.ts';

export const tiles: readonly Tile[] = [
  { columns: 16, rows: 2 },
  { columns: 8, rows: 4 },
  { columns: 8, rows: 5 },
  { columns: 8, rows: 6 },
];

/** Where registers have 256 bits: a tile of twice the size. */
export const wideTiles: readonly Tile[] = [
  { columns: 16, rows: 3 },
  { columns: 16, rows: 4 },
];

/** A recurrent product of half a batch: [25 × 128] · [128 × 256]. */
const [m, k, n] = [25, 128, 256];
/** The engine compiles twice: the first rounds are slow, and show nothing. */
const rounds = 10;
const millisecondsEach = 1;

/** Takes some 40 ms. */
export function fastestTile({ build, module }: LoadedModule, candidates = tiles): Tile {
  const a = reservedWords;
  const b = a + m * k;
  const c = b + packedSize(k, n);
  const kernels = instantiate(module, createMemory(build, c + m * n), candidates[0]);
  const best = candidates.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < rounds; round++)
    for (const [index, { columns, rows }] of candidates.entries()) {
      kernels.setTile(columns, rows, scratchOf(0));
      const start = performance.now();
      let count = 0;
      let elapsed = 0;
      while (elapsed < millisecondsEach) {
        kernels.product(c, n, a, k, b, -1, 0, m, k, n);
        count++;
        elapsed = performance.now() - start;
      }
      if (round > 2) best[index] = Math.min(best[index], elapsed / count);
    }
  return candidates[best.indexOf(Math.min(...best))];
}
