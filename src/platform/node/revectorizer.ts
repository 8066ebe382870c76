// Switches V8's revectorizer, which makes 256-bit instructions of pairs of 128-bit ones.
import { execFile } from 'node:child_process';
import { setFlagsFromString } from 'node:v8';
import type { Widen } from '../../backend/wasm/wide.ts';

/**
 * The revectorizer works only in the optimising compiler, so every function is compiled with it, and at once.
 */
const flags = (on: boolean): string[] => [
  `--${on ? '' : 'no-'}experimental-wasm-revectorize`,
  `--${on ? 'no-' : ''}liftoff`,
  `--${on ? 'no-' : ''}wasm-lazy-compilation`,
];

/** Sets the flags, which hold for the whole process; the caller turns them off again after compiling. */
export const widen: Widen = (on) => {
  for (const flag of flags(on)) setFlagsFromString(flag);
};

/**
 * Returns whether a module can be compiled with the revectorizer. V8 may crash its process instead of
 * throwing, so this is tried in a process of its own.
 * @param file the module
 */
export function canWiden(file: string): Promise<boolean> {
  const script = 'new WebAssembly.Module(require("node:fs").readFileSync(process.argv[1]))';
  // In VS Code the executable is Electron, which acts as Node with this variable.
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  return new Promise((resolve) => {
    execFile(process.execPath, [...flags(true), '-e', script, file], { env }, (error) =>
      resolve(error === null),
    );
  });
}
