import { readFile } from 'node:fs/promises';
import * as library from './cells.js';

export * from './cells.js';

const besideThisFile = { read: (build) => readFile(new URL(`./kernels/${build}.wasm`, import.meta.url)) };

export const cells = (tf, start = besideThisFile) => library.cells(tf, start);
