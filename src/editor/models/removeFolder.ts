// Removes the folder of a model, into which a training in another window may be writing.
import { rename, rm } from 'node:fs/promises';
import { isFileError } from '../../store/files.ts';

const ending = '.removed';

/** Whether a folder's name is that of one that is being removed, or that a killed window has not removed. */
export const isBeingRemoved = (name: string): boolean => name.endsWith(ending);

/**
 * Removes a folder, after it has been renamed. If its files were removed one by one under its own name, a generation that is
 * written in between would lose a part that it has in common with the one before: the text.
 * @throws FileError where something of it is left
 */
export async function removeFolder(directory: string): Promise<void> {
  const removed = `${directory}${ending}`;
  try {
    await rm(removed, { recursive: true, force: true });
    await rename(directory, removed);
  } catch (error) {
    // Windows does not rename a folder of which a file is open.
    if (!isFileError(error)) throw error;
    return rm(directory, { recursive: true, force: true });
  }
  await rm(removed, { recursive: true, force: true });
}

/** Removes what a killed window has left of a folder, as far as that is possible. */
export const removeRemains = (directory: string): Promise<void> =>
  rm(directory, { recursive: true, force: true }).catch(() => {});
