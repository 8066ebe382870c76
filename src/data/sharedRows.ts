// Says of held-out rows in a file of their own that they are learned all the same, and of that file where it cannot be read.
import { Problem } from '../protocol/problem.ts';

/**
 * Returns a sentence on the held-out rows that are among those that are learned, if there are any.
 * @param train what the rows read that are learned
 * @param heldOut what the rows read that are measured on
 */
export function remarkOnShared(
  train: Iterable<string>,
  heldOut: readonly string[],
  [one, several]: readonly [one: string, several: string] = ['row', 'rows'],
): string[] {
  const learned = new Set(train);
  const shared = heldOut.filter((text) => learned.has(text)).length;
  if (shared === 0) return [];
  const what = `${heldOut.length.toLocaleString('en')} held-out ${heldOut.length === 1 ? one : several}`;
  return [
    `${shared.toLocaleString('en')} of ${what} ${shared === 1 ? 'is' : 'are'} in the training text too, and learned: what is measured on them promises too much for others.`,
  ];
}

/** Says that a sentence is about the held-out file. */
export const ofHeldOutFile = (sentence: string): string => `Of the held-out file: ${sentence}`;

/** Reads a held-out file. @throws Problem that says so of the file, where the reading does */
export function readHeldOut<Read>(read: () => Read): Read {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new Problem(ofHeldOutFile(error.message));
  }
}
