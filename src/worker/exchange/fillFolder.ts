import { Problem } from '../../protocol/problem.ts';
import { reasonOf } from '../../store/fileProblem.ts';
import { type Files, isFileError } from '../../store/files.ts';

/** A folder and the file system that it is in. */
export interface Folder {
  readonly files: Files;
  readonly directory: string;
}

/**
 * Fills a folder with files. If that fails, it is left as it was: a part of a model is of no use and would be
 * in the way of the next attempt.
 * @param to the folder, which may exist if it is empty
 * @param contents the contents of the files by name
 * @throws Problem when the folder is not empty, or cannot be written
 */
export function fillFolder({ files, directory }: Folder, contents: ReadonlyMap<string, Uint8Array>): void {
  try {
    fill(files, directory, contents);
  } catch (error) {
    if (!isFileError(error)) throw error;
    throw new Problem(`${directory} cannot be written: ${reasonOf(error)}.`);
  }
}

function fill(files: Files, directory: string, contents: ReadonlyMap<string, Uint8Array>): void {
  const isNew = files.stat(directory) === null;
  if (!isNew && files.list(directory).length > 0)
    throw new Problem(`${directory} is not empty: name a folder that is, or a new one.`);
  files.makeDirectory(directory);
  const at = (name: string) => `${directory}/${name}`;
  try {
    for (const [name, bytes] of contents) files.write(at(name), [bytes]);
  } catch (error) {
    for (const name of files.list(directory)) files.remove(at(name));
    if (isNew) files.removeDirectory(directory);
    throw error;
  }
}

/** Writes a value as a file of JSON. */
export const jsonFile = (value: object): Uint8Array => new TextEncoder().encode(`${JSON.stringify(value)}\n`);
