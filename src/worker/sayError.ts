// Describes an error to the user.
import { Problem } from '../protocol/problem.ts';
import { reasonOf } from '../store/fileProblem.ts';
import { isFileError } from '../store/files.ts';

/** The messages of V8 when there is no memory for an array. */
const outOfMemory =
  /allocation failed|could not allocate memory|out of memory|Invalid (typed )?array (buffer )?length/i;

/**
 * Returns a sentence with a way out, whatever has been thrown.
 * @param what the work that has failed, such as `The training`
 */
export function sayError(what: string, error: unknown): string {
  if (error instanceof Problem) return error.message;
  if (isFileError(error)) return `${what} failed: ${reasonOf(error)}.`;
  const { message } = error instanceof Error ? error : new Error(String(error));
  if (error instanceof RangeError && outOfMemory.test(message))
    return `${what} ran out of memory. Close other programs, or take a smaller network or a shorter text.`;
  return `${what} failed because of a mistake in Unroll: ${message}`;
}
