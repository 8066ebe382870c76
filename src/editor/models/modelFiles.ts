// What the host itself reads of a model's folder, without holding the window up.
import { constants, lstat, open } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../../protocol/problem.ts';
import type { RunSnapshot } from '../../protocol/run.ts';
import { reasonOf } from '../../store/fileProblem.ts';
import { isFileError } from '../../store/files.ts';
import { mostHistoryBytes, parseHistory } from '../../store/history.ts';
import { type Manifest, mostManifestBytes, parseManifest } from '../../store/manifest.ts';
import { manifestName } from '../../store/names.ts';

/** Of a text that was trained on: more than the longest has. */
export const mostTextBytes = 100_000_000;

/** @throws Problem when there is none that this version reads */
export async function readManifest(directory: string): Promise<Manifest> {
  return parseManifest(await read(directory, manifestName, mostManifestBytes));
}

/** null where there is none that can be read: a model is one without it too. */
export async function readHistory(directory: string): Promise<RunSnapshot | null> {
  try {
    const { history } = await readManifest(directory);
    return history === null ? null : parseHistory(await read(directory, history, mostHistoryBytes));
  } catch (error) {
    if (error instanceof Problem) return null;
    throw error;
  }
}

/** A regular file that is no link, as text. @param most bytes. @throws Problem when it is something else */
export async function read(directory: string, name: string, most: number): Promise<string> {
  const path = join(directory, name);
  try {
    if ((await lstat(path)).isSymbolicLink()) throw new Problem(`${path} is a link, which is not followed.`);
    // A pipe that nobody writes to would be waited for.
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
