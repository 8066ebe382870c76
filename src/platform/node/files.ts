// The implementation of the store's files on Node.
import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  type Stats,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { threadId } from 'node:worker_threads';
import type { FileStat, Files, OpenFile } from '../../store/files.ts';
import { hashInParts, readInParts, writeInParts } from './inParts.ts';
import { nodeProcesses } from './processes.ts';

/** New files and folders are readable by their user alone: they hold texts and models trained on them. */
export const nodeFiles: Files = {
  writer: `${process.pid}.${threadId}`,
  processes: nodeProcesses,

  stat: (path) => {
    const found = lstatSync(path, { throwIfNoEntry: false });
    return found ? { kind: kindOf(found), size: found.size } : null;
  },

  list: (directory) => readdirSync(directory),

  read: (path, most) => {
    // Windows has no O_NOFOLLOW, so links are looked for before opening.
    if (lstatSync(path).isSymbolicLink()) throw fileError('ELOOP', path);
    // O_NONBLOCK prevents waiting for a pipe that nobody writes to.
    const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
    return opened(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, (file) => {
      const found = fstatSync(file);
      if (found.isDirectory()) throw fileError('EISDIR', path);
      if (!found.isFile()) throw fileError('EINVAL', path);
      if (found.size > most) throw fileError('EFBIG', path);
      const bytes = new Uint8Array(found.size);
      return bytes.subarray(0, readInParts(file, bytes, null));
    });
  },

  open: (path) => {
    // O_NONBLOCK prevents waiting for a pipe that nobody writes to.
    const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const found = fstatSync(file);
      if (found.isDirectory()) throw fileError('EISDIR', path);
      if (!found.isFile()) throw fileError('EINVAL', path);
      return { ...reading(file), size: found.size };
    } catch (error) {
      closeSync(file);
      throw error;
    }
  },

  makeTemporary: (path) => {
    const file = openSync(path, 'wx+', 0o600);
    const hasName = !tryToRemove(path);
    const opened = reading(file);
    return {
      ...opened,
      append: (bytes) => writeInParts(file, bytes),
      close: () => {
        opened.close();
        if (hasName) tryToRemove(path);
      },
    };
  },

  write: (path, parts) => write(path, parts, 0o600),

  sync: (path) => {
    if (!lstatSync(path).isDirectory()) return opened(path, 'r+', fsyncSync);
    try {
      opened(path, 'r', fsyncSync);
    } catch (error) {
      // Windows and some network disks cannot sync a folder.
      if (!['EISDIR', 'EPERM', 'EINVAL', 'ENOTSUP'].includes(String((error as { code?: string }).code)))
        throw error;
    }
  },

  rename: renameSync,
  remove: (path) => rmSync(path, { force: true }),
  makeDirectory: (path) => makeDirectory(path, 0o700),
  removeDirectory: (path) => rmdirSync(path),

  digest: (parts) => {
    const hash = createHash('sha256');
    for (const part of parts) hashInParts(hash, part);
    return hash.digest('hex');
  },
};

/** The same, except that others may read new files and folders: it writes what a web server shows. */
export const publicFiles: Files = {
  ...nodeFiles,
  write: (path, parts) => write(path, parts, 0o666),
  makeDirectory: (path) => makeDirectory(path, 0o777),
};

function reading(file: number): Pick<OpenFile, 'read' | 'close'> {
  return {
    read: (into, position) => readInParts(file, into, position),
    close: () => closeSync(file),
  };
}

function tryToRemove(path: string): boolean {
  try {
    rmSync(path);
    return true;
  } catch {
    return false;
  }
}

function write(path: string, parts: readonly Uint8Array[], mode: number): void {
  const writeParts = (file: number) => {
    for (const part of parts) writeInParts(file, part);
  };
  opened(path, 'w', writeParts, mode);
}

/** Makes a folder and its parents. Node's own recursion reports a read-only disk as a missing folder. */
function makeDirectory(path: string, mode: number): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const above = dirname(path);
    if (code === 'ENOENT' && above !== path) {
      makeDirectory(above, mode);
      mkdirSync(path, { mode });
    } else if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

function opened<T>(path: string, flags: string | number, use: (file: number) => T, mode?: number): T {
  const file = openSync(path, flags, mode);
  try {
    return use(file);
  } finally {
    closeSync(file);
  }
}

function kindOf(found: Stats): FileStat['kind'] {
  if (found.isSymbolicLink()) return 'link';
  if (found.isDirectory()) return 'directory';
  return found.isFile() ? 'file' : 'other';
}

function fileError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}
