// V8's revectorizer, which makes 256-bit instructions of pairs of 128-bit ones, from where V8 can be told.
import { execFile } from 'node:child_process';
import { setFlagsFromString } from 'node:v8';
import type { Widen } from '../../backend/wasm/wide.ts';

/** The revectorizer works when a function is compiled by the optimising compiler: all of them, and at once. */
const flags = (on: boolean): string[] => [
  `--${on ? '' : 'no-'}experimental-wasm-revectorize`,
  `--${on ? 'no-' : ''}liftoff`,
  `--${on ? 'no-' : ''}wasm-lazy-compilation`,
];

/** The flags hold for the whole process: what V8 compiles after this, for others, is compiled as ever. */
export const widen: Widen = (on) => {
  for (const flag of flags(on)) setFlagsFromString(flag);
};

/**
 * Whether a module can be compiled so. V8 may not refuse but end, with the process that it is in: hence in one that
 * does nothing else.
 * @param file the module
 */
export function canWiden(file: string): Promise<boolean> {
  const script = 'new WebAssembly.Module(require("node:fs").readFileSync(process.argv[1]))';
  // In VS Code the executable is Electron, which is Node when it is told so.
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  return new Promise((resolve) => {
    execFile(process.execPath, [...flags(true), '-e', script, file], { env }, (error) =>
      resolve(error === null),
    );
  });
}
