// Recognises files that hold secrets, as the editor does; the list is the default of its setting.
import { readlink, realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { secretGlobs } from '../protocol/secretGlobs.ts';
import { type FileSystem, isSecretFile } from '../protocol/secrets.ts';

const disk: FileSystem = {
  realpath: (path) => realpath(path).catch(() => null),
  readlink: (path) => readlink(path).catch(() => null),
};

export const isSecret = (file: string): Promise<boolean> => isSecretFile(resolve(file), secretGlobs, disk);

/** The sentence that follows the refusal of a file. */
export const allTheSame = 'With --secrets it is trained on all the same.';
