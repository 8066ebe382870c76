// The built command line, as a user calls it.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { temporaryIn } from '../leftovers.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

/** The script of the command line. */
export const cli = join(import.meta.dirname, '../../out/cli.cjs');

/** The environment of a command whose model has no name: it stands in a folder that is removed after the tests. */
export const env = { ...process.env, ...temporaryIn(temporaryFolder('unnamed')) };

/** Runs the command line to its end. @returns what it printed, and its exit code */
export function unroll(...args: readonly string[]) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8', env });
  return { stdout, stderr, status };
}
