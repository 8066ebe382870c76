// Reads the files of a model's folder that the extension host needs itself, without blocking the window.
import { constants, lstat, open } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../../protocol/problem.ts';
import type { RunSnapshot } from '../../protocol/run.ts';
import { reasonOf } from '../../store/fileProblem.ts';
import { isFileError, type Processes } from '../../store/files.ts';
import { mostHistoryBytes, parseHistory } from '../../store/history.ts';
import { isHeldByAnother, mostLeaseBytes, parseLease } from '../../store/lease.ts';
import { type Manifest, mostManifestBytes, parseManifest } from '../../store/manifest.ts';
import { leaseName, manifestName } from '../../store/names.ts';

/** The most bytes that a stored training text may have; the longest one has fewer. */
export const mostTextBytes = 100_000_000;

/** @throws Problem when there is no manifest that this version can read */
export async function readManifest(directory: string): Promise<Manifest> {
  return parseManifest(await read(directory, manifestName, mostManifestBytes));
}

/** Returns null if there is no history that can be read; a model works without one. */
export async function readHistory(directory: string): Promise<RunSnapshot | null> {
  try {
    const { history } = await readManifest(directory);
    return history === null ? null : parseHistory(await read(directory, history, mostHistoryBytes));
  } catch (error) {
    if (error instanceof Problem) return null;
    throw error;
  }
}

/** Returns whether another process, of this window, of another one or of a command line, trains the model of a folder. */
export async function readIsTrained(directory: string, processes: Processes): Promise<boolean> {
  try {
    return isHeldByAnother(
      parseLease(await read(directory, leaseName, mostLeaseBytes)),
      processes,
      Date.now(),
    );
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
}

/**
 * Reads a regular file as text; links are not followed.
 * @param most the most bytes that the file may have
 * @throws Problem when it is not such a file, is larger or cannot be read
 */
export async function read(directory: string, name: string, most: number): Promise<string> {
  const path = join(directory, name);
  try {
    if ((await lstat(path)).isSymbolicLink()) throw new Problem(`${path} is a link, which is not followed.`);
    // O_NONBLOCK is set because opening a pipe that has no writer would block.
    const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
    await using file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const found = await file.stat();
    if (!found.isFile()) throw new Problem(`${path} is no file.`);
    if (found.size > most) throw new Problem(`${path} is larger than it can be.`);
    return await file.readFile('utf8');
  } catch (error) {
    if (!isFileError(error)) throw error;
    throw new Problem(
      error.code === 'ENOENT' ? `${path} is missing.` : `${path} cannot be read: ${reasonOf(error)}.`,
    );
  }
}
