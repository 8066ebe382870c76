// The unit tests have a folder of their own for temporary files, and fail where one of them leaves something there.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Returns the environment of a program that makes its temporary files in this folder, on any system. */
export const temporaryIn = (folder: string) => ({ TMPDIR: folder, TMP: folder, TEMP: folder });

/** The folder in which Node keeps compiled scripts of the programs that ask it to. */
const nodeCache = 'node-compile-cache';

export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'unroll-tests-'));
  // The workers that run the tests, and the programs that these start, have the environment of this process.
  Object.assign(process.env, temporaryIn(folder));
  return () => {
    const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => name !== nodeCache);
    const left = entries.map((entry) => {
      const { name } = entry;
      return entry.isDirectory() ? `${name} with ${readdirSync(join(folder, name)).join(', ')}` : name;
    });
    rmSync(folder, { recursive: true, force: true });
    if (left.length > 0) throw new Error(`Tests have left temporary files behind: ${left.join('; ')}`);
  };
}
