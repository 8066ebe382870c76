// Switches V8's revectorizer, which makes 256-bit instructions of pairs of 128-bit ones.
import { execFile } from 'node:child_process';
import { cpus } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import type { SetRevectorizer } from '../../backend/wasm/wide.ts';

/** Whether the processor may have vectors of 256 bits, which only V8's compiler for x64 makes. */
export const mayRevectorize = process.arch === 'x64';

/** Names what it depends on whether wide vectors work and are faster: V8 and the processor. */
export const machineName = (): string => `V8 ${process.versions.v8}, ${cpus()[0]?.model ?? process.arch}`;

/**
 * The revectorizer works only in the optimising compiler, so every function is compiled with it, and at once.
 */
const flags = (on: boolean): string[] => [
  `--${on ? '' : 'no-'}experimental-wasm-revectorize`,
  `--${on ? 'no-' : ''}liftoff`,
  `--${on ? 'no-' : ''}wasm-lazy-compilation`,
];

/** The options of a process that is started for wide vectors. */
export const wideOptions: readonly string[] = flags(true);

/** Sets the flags, which hold for the whole process; the caller turns them off again after compiling. */
export const setRevectorizer: SetRevectorizer = (on) => {
  for (const flag of flags(on)) setFlagsFromString(flag);
};

/**
 * Returns whether a module can be compiled with the revectorizer. V8 may crash its process instead of
 * throwing, so this is tried in a process of its own.
 * @param file the module
 */
export function canRevectorize(file: string): Promise<boolean> {
  const script = 'new WebAssembly.Module(require("node:fs").readFileSync(process.argv[1]))';
  // In VS Code the executable is Electron, which acts as Node with this variable.
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  return new Promise((resolve) => {
    execFile(process.execPath, [...flags(true), '-e', script, file], { env }, (error) =>
      resolve(error === null),
    );
  });
}
