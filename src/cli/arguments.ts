import { readFileSync } from 'node:fs';
import { Problem } from '../protocol/problem.ts';

/** @throws Problem when the text is not a number in the range. */
export function numberArgument(name: string, text: string, least = 0): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < least)
    throw new Problem(
      `--${name} takes a number${least > 0 ? ` of at least ${least}` : ''}, not ${JSON.stringify(text)}.`,
    );
  return value;
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

/** @throws Problem when there is no such file. */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Problem(
      code === 'EISDIR'
        ? `${path} is a folder: name a file, or '${path}/**/*'.`
        : `There is no file ${path} that can be read.`,
    );
  }
}
