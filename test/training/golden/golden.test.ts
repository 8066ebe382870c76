// Small fixed training runs must come out as they always have. `UPDATE_EXPECT=1 npm test -- golden` writes
// what comes out into golden.json: the losses in 64 bits, and the hashes of the weights of the compiled
// engine's builds that run here.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../../src/backend/engine.ts';
import { tiles, wideTiles } from '../../../src/backend/wasm/chooseTile.ts';
import { type Build, builds, createMemory, instantiate } from '../../../src/backend/wasm/module.ts';
import { WasmNetwork } from '../../../src/backend/wasm/network.ts';
import type { Tile } from '../../../src/backend/wasm/tile.ts';
import { spawnFrom } from '../../../src/platform/node/spawn.ts';
import { packedSize, reservedWords } from '../../../src/tape/planning/kernels.ts';
import { readKernels } from '../../kernels/modules.ts';
import { type Outcome, runOn, runs } from './runs.ts';
import { ScalarNetwork } from './scalarNetwork.ts';

interface Golden {
  readonly losses: readonly number[];
  readonly validations: readonly number[];
  /** The hash of the last weights, by everything that their bits depend on. */
  readonly weights: Readonly<Record<string, string>>;
}

const file = join(import.meta.dirname, 'golden.json');
const allTiles = [...tiles, ...wideTiles];

const modules = new Map<Build, WebAssembly.Module>();
let golden: Readonly<Record<string, Golden>>;

beforeAll(async () => {
  for (const build of builds) {
    const bytes = await readKernels(build);
    if (WebAssembly.validate(bytes)) modules.set(build, await WebAssembly.compile(bytes));
  }
  if (process.env.UPDATE_EXPECT) await updateGolden();
  golden = JSON.parse(readFileSync(file, 'utf8'));
});

const nothingIsPredicted = () => {
  throw new Error('Nothing is predicted here.');
};

const spawn = spawnFrom(new URL('../../../src/worker/kernelThread.ts', import.meta.url));

function compiled(build: Build, threads: number, tile: Tile = tiles[0]): Engine {
  const machine = { build, module: modules.get(build)!, tile, spawn: build === 'single' ? null : spawn };
  return {
    name: 'unroll',
    train: (architecture, shape, weights, series) =>
      new WasmNetwork(machine, threads, architecture, shape, weights, series),
    predict: nothingIsPredicted,
    predictTarget: nothingIsPredicted,
  };
}

const scalar: Engine = {
  name: 'unroll',
  train: (architecture, shape, weights, series) => new ScalarNetwork(architecture, shape, weights, series),
  predict: nothingIsPredicted,
  predictTarget: nothingIsPredicted,
};

/**
 * Tells whether the kernels round a·b + c once. Where the build has relaxed SIMD, the processor decides it:
 * the instruction is fused where there is one. Nothing else in the kernels is left to the processor.
 */
function roundsOnce(build: Build): boolean {
  const [a, b, out] = [reservedWords, reservedWords + 16, reservedWords + 64];
  const memory = createMemory(build, out + packedSize(2, 1));
  const kernels = instantiate(modules.get(build)!, memory, tiles[0]);
  const floats = new Float32Array(memory.buffer);
  const x = 1 + 2 ** -12;
  // The square of x needs a bit more than there are, and the sum of the products shows whether it was kept.
  floats.set([1, x], a);
  floats.set([-1, x], b);
  kernels.packRows(b + 16, b, 1, 2, 1);
  kernels.matmul(out, 1, a, 2, b + 16, -1, 0, 1, 2, 1);
  return floats[out] !== 2 ** -11;
}

/** Returns what the last bits of the weights depend on, besides the run. */
function keyOf(build: Build, threads: number, initial: string): string {
  const rounding = roundsOnce(build) ? 'once' : 'twice';
  // JavaScript leaves the last bits of log and cos to the engine, which initial weights are drawn with.
  return `from ${initial}, multiply-add rounded ${rounding}, batch in ${threads}`;
}

async function updateGolden(): Promise<void> {
  const written: Record<string, Golden> = {};
  for (const [name, sections] of Object.entries(runs)) {
    const { losses, validations } = await runOn(scalar, sections);
    const weights: Record<string, string> = {};
    for (const build of modules.keys())
      for (const threads of [1, 2]) {
        const { initial, final } = await runOn(compiled(build, threads), sections);
        weights[keyOf(build, threads, initial)] = final;
      }
    const digits = (values: readonly number[]) => values.map((value) => Number(value.toPrecision(9)));
    written[name] = { losses: digits(losses), validations: digits(validations), weights };
  }
  writeFileSync(file, `${JSON.stringify(written, null, 2)}\n`);
}

function checkLosses(outcome: Outcome, expected: Golden): void {
  for (const kind of ['losses', 'validations'] as const) {
    expect(outcome[kind]).toHaveLength(expected[kind].length);
    const worst = outcome[kind].reduce(
      (most, loss, i) => Math.max(most, Math.abs(loss / expected[kind][i] - 1)),
      0,
    );
    expect(worst, kind).toBeLessThan(1e-4);
  }
}

describe.each(Object.keys(runs))('%s', (name) => {
  test('the losses in 64 bits', async () => {
    checkLosses(await runOn(scalar, runs[name]), golden[name]);
  });

  describe.each(builds)('the build %s', (build) => {
    test.each([1, 2])('with %i threads', async (threads) => {
      expect(modules.keys()).toContain(build);
      checkLosses(await runOn(compiled(build, threads), runs[name]), golden[name]);
    });

    test.for([1, 2])('with %i threads, to the bit, in every tile', async (threads, { skip }) => {
      for (const tile of allTiles) {
        const { initial, final } = await runOn(compiled(build, threads, tile), runs[name]);
        const key = keyOf(build, threads, initial);
        const kept = golden[name].weights[key];
        skip(kept === undefined, `Only the losses are compared: no hash is known ${key}.`);
        expect(final, `${key}, tile ${tile.rows} × ${tile.columns}`).toBe(kept);
      }
    });
  });
});
