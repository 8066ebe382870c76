// The file in a model's folder that holds the tokens of a long text while it is trained on.
import type { Scratch } from '../data/text/blocks/storedTokens.ts';
import { Problem } from '../protocol/problem.ts';
import { reasonOf } from './fileProblem.ts';
import { type Files, isFileError } from './files.ts';
import { scratchName } from './names.ts';

/** Makes the file. @throws Problem when that is not possible */
export function makeScratch(files: Files, directory: string): Scratch {
  const cannot = (what: string) => (error: unknown) => {
    if (!isFileError(error)) throw error;
    return new Problem(`The tokens of the text cannot be ${what} ${directory}: ${reasonOf(error)}.`);
  };
  const file = attempt(() => {
    files.makeDirectory(directory);
    return files.makeTemporary(`${directory}/${scratchName}.${files.writer}.tmp`);
  }, cannot('kept in'));
  return {
    append: (bytes) => attempt(() => file.append(bytes), cannot('kept in')),
    read: (into, position) => {
      const length = attempt(() => file.read(into, position), cannot('read again from'));
      if (length < into.length)
        throw new Problem(
          `The tokens of the text in ${directory} have become fewer: check the disk, and train again.`,
        );
    },
    close: () => {
      file.close();
      removeEmpty(files, directory);
    },
  };
}

function attempt<T>(act: () => T, problem: (error: unknown) => Problem): T {
  try {
    return act();
  } catch (error) {
    throw problem(error);
  }
}

/** Removes the folder of a run that has kept nothing. */
function removeEmpty(files: Files, directory: string): void {
  try {
    files.removeDirectory(directory);
  } catch (error) {
    if (!isFileError(error)) throw error;
  }
}
