// Reads the argument `--out`, which names what a command writes.
import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Problem } from '../protocol/problem.ts';
import { isFileError } from '../store/files.ts';

/**
 * Returns the path that `--out` names; undefined where it is not said.
 * @throws Problem when the path is empty, as a variable of a shell without a value is: the current folder is not meant
 */
export function outArgument(out: string | undefined): string | undefined {
  if (out?.trim() === '')
    throw new Problem('--out names what is to be written, and nothing stands behind it.');
  return out;
}

/**
 * Returns the path of the file that `--out` names; undefined where it is not said.
 * @throws Problem when it is plain that no file can be written there, before a command has worked for nothing
 */
export function outFileArgument(out: string | undefined): string | undefined {
  const path = outArgument(out);
  if (path === undefined) return undefined;
  const folder = dirname(path);
  if (!isFolder(folder))
    throw new Problem(`There is no folder ${folder}: make it, or name another file behind --out.`);
  if (isFolder(path))
    throw new Problem(
      `${path} is a folder: name a file behind --out, such as ${join(path, 'filled-in.csv')}.`,
    );
  return path;
}

function isFolder(path: string): boolean {
  try {
    return statSync(resolve(path)).isDirectory();
  } catch (error) {
    if (!isFileError(error)) throw error;
    return false;
  }
}
