import { Worker } from 'node:worker_threads';
import type { Spawn } from '../../backend/wasm/setup.ts';

/** @param file the bundle of kernelThread.ts. A thread that does not start is not missed: see team.ts. */
export const spawnFrom =
  (file: string | URL): Spawn =>
  (setup, part) => {
    // It allocates nothing.
    const worker = new Worker(file, { resourceLimits: { maxYoungGenerationSizeMb: 1 } });
    worker.on('error', () => {});
    worker.unref();
    worker.postMessage({ setup, part });
    return { stop: () => void worker.terminate() };
  };
