import { Problem } from '../protocol/problem.ts';
import type { Files } from '../store/files.ts';

/** A folder and the file system that it is in. */
export interface Folder {
  readonly files: Files;
  readonly directory: string;
}

/**
 * Fills a folder with files. If that fails, it is left as it was: a part of a model is of no use and would be in the
 * way of the next attempt.
 * @param to the folder, which may exist if it is empty
 * @param contents the files by name
 * @throws Problem when the folder is not empty
 */
export function fillFolder(
  { files, directory }: Folder,
  contents: Iterable<readonly [name: string, parts: readonly Uint8Array[]]>,
): void {
  const isNew = files.stat(directory) === null;
  if (!isNew && files.list(directory).length > 0)
    throw new Problem(`${directory} is not empty: name a folder that is, or a new one.`);
  files.makeDirectory(directory);
  try {
    for (const [name, parts] of contents) files.write(`${directory}/${name}`, parts);
  } catch (error) {
    for (const name of files.list(directory)) files.remove(`${directory}/${name}`);
    if (isNew) files.removeDirectory(directory);
    throw error;
  }
}
