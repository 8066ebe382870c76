import { readFile } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Platform } from '../../worker/platform.ts';
import { nodeFiles } from './files.ts';
import { canWiden, widen } from './revectorizer.ts';
import { spawnFrom } from './spawn.ts';

/** @param assets the folder with the build's output */
export function nodePlatform(assets: string): Platform {
  return {
    files: nodeFiles,
    readAsset: (name) => readFile(join(assets, name)),
    tfjsAssets: `${assets}/tfjs/`,
    cores: availableParallelism(),
    memoryBytes: Math.min(totalmem(), process.constrainedMemory() || Infinity),
    spawn: spawnFrom(join(assets, 'kernelThread.cjs')),
    revectorizer: async () => ((await canWiden(join(assets, 'kernels/relaxed.wasm'))) ? widen : null),
    breathe: () => setImmediate(),
  };
}
