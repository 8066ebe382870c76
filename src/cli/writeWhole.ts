// Writes a file that is whole at any time, also where it replaces the one that was read.
import {
  accessSync,
  chmodSync,
  constants,
  lstatSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Problem } from '../protocol/problem.ts';
import { reasonOf } from '../store/fileProblem.ts';
import { isFileError } from '../store/files.ts';

/**
 * Writes a text beside its place and renames it, so that a crash, or a full disk, leaves the file of before. It keeps the
 * permissions of that file, and follows a link.
 * @param out the path as the user has named it
 * @throws Problem when it cannot be written
 */
export function writeWhole(out: string, text: string): void {
  try {
    write(resolve(out), text);
  } catch (error) {
    if (!isFileError(error)) throw error;
    throw new Problem(`${out} cannot be written: ${reasonOf(error)}.`);
  }
}

function write(path: string, text: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  // A device, a pipe and a link that leads to nothing cannot be replaced by renaming.
  if (found ? !found.isFile() : lstatSync(path, { throwIfNoEntry: false })) return writeFileSync(path, text);
  // A file that may not be written may be replaced all the same, which is not what its owner wants.
  if (found) accessSync(path, constants.W_OK);
  const target = found ? realpathSync(path) : path;
  // A name that is made of the file's own may be too long.
  const temporary = join(dirname(target), `.unroll-${process.pid}.tmp`);
  try {
    writeFileSync(temporary, text, { flush: true });
    if (found) chmodSync(temporary, found.mode);
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    // A file may be writable in a folder that is not, and then there is no place beside it.
    if (!found || !isFileError(error) || !['EACCES', 'EPERM'].includes(error.code)) throw error;
    writeFileSync(target, text);
  }
}
