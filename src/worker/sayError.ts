// What a user is told of an error.
import { Problem } from '../protocol/problem.ts';
import { reasonOf } from '../store/fileProblem.ts';
import { isFileError } from '../store/files.ts';

/** What V8 throws where an array or a memory finds no room. */
const outOfMemory =
  /allocation failed|could not allocate memory|out of memory|Invalid (typed )?array (buffer )?length/i;

/**
 * A sentence with a way out, whatever has been thrown.
 * @param what has failed: `The training`
 */
export function sayError(what: string, error: unknown): string {
  if (error instanceof Problem) return error.message;
  if (isFileError(error)) return `${what} failed: ${reasonOf(error)}.`;
  const { message } = error instanceof Error ? error : new Error(String(error));
  if (error instanceof RangeError && outOfMemory.test(message))
    return `${what} ran out of memory. Close other programs, or take a smaller network or a shorter text.`;
  return `${what} failed because of a mistake in Unroll: ${message}`;
}
