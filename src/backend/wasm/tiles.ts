// Which register tile is fastest here: it moves with the machine and with the engine's version, and a wrong one
// costs half the speed.
import { packedSize, reservedWords } from '../../tape/kernels.ts';
import { createMemory, instantiate, type LoadedModule, type Tile } from './module.ts';

export const tiles: readonly Tile[] = [
  { columns: 16, rows: 2 },
  { columns: 8, rows: 4 },
  { columns: 8, rows: 5 },
  { columns: 8, rows: 6 },
];

/** A recurrent product of half a batch: [25 × 128] · [128 × 256]. */
const [m, k, n] = [25, 128, 256];
/** The engine compiles twice: the first rounds are slow, and show nothing. */
const rounds = 6;
const millisecondsEach = 1.5;

/** Takes some 40 ms. */
export function fastestTile({ build, module }: LoadedModule): Tile {
  const a = reservedWords;
  const b = a + m * k;
  const c = b + packedSize(k, n);
  const kernels = instantiate(module, createMemory(build, c + m * n), tiles[0]);
  const best = tiles.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < rounds; round++)
    for (const [index, { columns, rows }] of tiles.entries()) {
      kernels.setTile(columns, rows);
      const start = performance.now();
      let count = 0;
      let elapsed = 0;
      while (elapsed < millisecondsEach) {
        kernels.product(c, n, a, k, b, -1, 0, m, k, n);
        count++;
        elapsed = performance.now() - start;
      }
      if (round > 1) best[index] = Math.min(best[index], elapsed / count);
    }
  return tiles[best.indexOf(Math.min(...best))];
}
