import { readFile } from 'node:fs/promises';
import type { Build } from '../../src/backend/wasm/module.ts';

export const readKernels = (build: Build) =>
  readFile(new URL(`../../out/kernels/${build}.wasm`, import.meta.url)) as Promise<Uint8Array<ArrayBuffer>>;
