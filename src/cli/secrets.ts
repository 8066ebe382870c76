// Files that are nobody's business, as in the editor; the list is the default of its setting.
import { readlink, realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { secretGlobs } from '../protocol/secretGlobs.ts';
import { type FileSystem, isSecretFile } from '../protocol/secrets.ts';

const disk: FileSystem = {
  realpath: (path) => realpath(path).catch(() => null),
  readlink: (path) => readlink(path).catch(() => null),
};

export const isSecret = (file: string): Promise<boolean> => isSecretFile(resolve(file), secretGlobs, disk);

/** After the sentence that refuses a file. */
export const allTheSame = 'With --secrets it is trained on all the same.';
