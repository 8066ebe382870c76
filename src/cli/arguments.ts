import { isUtf8 } from 'node:buffer';
import { readFileSync, statSync } from 'node:fs';
import { Problem } from '../protocol/problem.ts';
import { reasonOf } from '../store/fileProblem.ts';
import { isFileError } from '../store/files.ts';

/** @throws Problem when the text is not a number in the range. */
export function numberArgument(
  name: string,
  text: string,
  least = 0,
  most = Number.POSITIVE_INFINITY,
): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < least || value > most) {
    const range = most < Number.POSITIVE_INFINITY ? ` from ${least} to ${most}` : ` of at least ${least}`;
    throw new Problem(`--${name} takes a number${range}, not ${JSON.stringify(text)}.`);
  }
  return value;
}

/** Stands for the standard input in the place of a path. */
export const standardInput = '-';

/** @throws Problem when there are more than `most` arguments that are no options */
export function expectAtMost(most: number, positionals: readonly string[]): void {
  const further = positionals[most];
  if (further !== undefined)
    throw new Problem(
      `${JSON.stringify(further)} is one argument too many: a name with spaces stands in quotation marks.`,
    );
}

/** @throws Problem when the text is not a whole number from `least` to `most`. */
export function wholeArgument(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < least || value > most)
    throw new Problem(
      `--${name} takes a whole number from ${least} to ${most}, not ${JSON.stringify(text)}.`,
    );
  return value;
}

/** The largest file that is read, in bytes. V8 has no string of more than half a gigabyte. */
const mostBytes = 500_000_000;

/**
 * Reads a text in UTF-8.
 * @param broken gets the path where something in the file is not UTF-8
 * @throws Problem when there is no such file, or it is too large to be read as one text
 */
export function readText(path: string, broken: string[] = []): string {
  const bytes = readBytes(path);
  if (!isUtf8(bytes)) broken.push(path);
  return bytes.toString('utf8');
}

/** Reads a file once, which may be a pipe, or the standard input. @throws Problem as `readText` does */
export function readBytes(path: string): Buffer {
  try {
    if (path === standardInput) return readFileSync(0);
    const { size } = statSync(path);
    if (size > mostBytes)
      throw new Problem(
        `${path} has ${megabytes(size)}, and at most ${megabytes(mostBytes)} can be read at once: take a part of it, as with \`tail -c 10000000\`.`,
      );
    return readFileSync(path);
  } catch (error) {
    if (!isFileError(error)) throw error;
    switch (error.code) {
      case 'EISDIR':
        throw new Problem(`${path} is a folder: name a file, or '${path}/**/*'.`);
      case 'ENOENT':
      case 'ENOTDIR':
        throw new Problem(`There is no file ${path} that can be read.`);
      default:
        throw new Problem(`${path} cannot be read: ${reasonOf(error)}.`);
    }
  }
}

const megabytes = (bytes: number) => `${Math.round(bytes / 1e6).toLocaleString('en')} MB`;
