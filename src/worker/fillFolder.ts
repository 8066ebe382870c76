import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../protocol/problem.ts';

/**
 * Fills a folder with files. If that fails, it is left as it was: a part of a model is of no use and would be in the
 * way of the next attempt.
 * @param to the folder, which may exist if it is empty
 * @param write writes the files
 * @throws Problem when the folder is not empty
 */
export function fillFolder(to: string, write: () => void): void {
  const isNew = !existsSync(to);
  if (!isNew && readdirSync(to).length > 0)
    throw new Problem(`${to} is not empty: name a folder that is, or a new one.`);
  mkdirSync(to, { recursive: true });
  try {
    write();
  } catch (error) {
    for (const name of readdirSync(to)) rmSync(join(to, name), { force: true });
    if (isNew) rmdirSync(to);
    throw error;
  }
}
