import { readFile } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Platform } from '../../worker/platform.ts';
import { nodeFiles } from './files.ts';
import { canRevectorize, setRevectorizer } from './revectorizer.ts';
import { spawnFrom } from './spawn.ts';

/**
 * @param assets the folder with the build's output
 * @param ownProcess whether the process is the worker's own, so that it may die of the revectorizer
 */
export function nodePlatform(assets: string, ownProcess = false): Platform {
  return {
    files: nodeFiles,
    readAsset: (name) => readFile(join(assets, name)),
    tfjsAssets: `${assets}/tfjs/`,
    cores: availableParallelism(),
    memoryBytes: Math.min(totalmem(), process.constrainedMemory() || Infinity),
    spawn: spawnFrom(join(assets, 'kernelThread.cjs')),
    revectorizer: async () =>
      ownProcess || (await canRevectorize(join(assets, 'kernels/relaxed.wasm'))) ? setRevectorizer : null,
    breathe: () => setImmediate(),
  };
}
