import { mkdtempSync, readdirSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Problem } from '../protocol/problem.ts';
import { reasonOf } from '../store/fileProblem.ts';
import { isFileError } from '../store/files.ts';

/**
 * Makes a new folder for a model when none was named.
 *
 * @throws Problem when none can be made
 */
export function temporaryDirectory(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'unroll-'));
  } catch (error) {
    if (!isFileError(error)) throw error;
    throw new Problem(
      `There is no place for the model in ${tmpdir()}: ${reasonOf(error)}, or name a folder for the model with --out.`,
    );
  }
}

/**
 * Makes a model in the folder that was named, or in a new temporary one. If that fails and has written nothing, no
 * temporary folder is left.
 * @param out the folder that was named; undefined where there is none
 * @throws whatever `make` throws, or Problem when no folder can be made
 */
export async function inModelDirectory<Made>(
  out: string | undefined,
  make: (directory: string) => Promise<Made>,
): Promise<Made> {
  const directory = resolve(out ?? temporaryDirectory());
  try {
    return await make(directory);
  } catch (error) {
    if (out === undefined && readdirSync(directory).length === 0) rmdirSync(directory);
    throw error;
  }
}
