import { setFlagsFromString } from 'node:v8';
import type { Widen } from '../backend/wasm/wide.ts';

/**
 * The flags hold for the whole process, so they are set while one module is compiled, and at once to the end: what
 * V8 compiles later, for others, is compiled as ever.
 */
export const widen: Widen = (on) => {
  setFlagsFromString(`--${on ? '' : 'no-'}experimental-wasm-revectorize`);
  setFlagsFromString(`--${on ? 'no-' : ''}liftoff`);
  setFlagsFromString(`--${on ? 'no-' : ''}wasm-lazy-compilation`);
};
