import { Worker } from 'node:worker_threads';
import type { Spawn } from '../../backend/wasm/setup.ts';

/**
 * @param file the bundle of kernelThread.ts. The kernels also work without a thread that does not start: see
 * team.ts.
 */
export const spawnFrom =
  (file: string | URL): Spawn =>
  (setup, part) => {
    // The thread allocates nothing, so a small young generation is enough.
    const worker = new Worker(file, { resourceLimits: { maxYoungGenerationSizeMb: 1 } });
    worker.on('error', () => {});
    worker.unref();
    worker.postMessage({ setup, part });
    return { stop: () => void worker.terminate() };
  };
