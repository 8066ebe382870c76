// The built command line, as a user calls it.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** The script of the command line. */
export const cli = join(import.meta.dirname, '../../out/cli.cjs');

/** Runs the command line to its end. @returns what it printed, and its exit code */
export function unroll(...args: readonly string[]) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8' });
  return { stdout, stderr, status };
}
