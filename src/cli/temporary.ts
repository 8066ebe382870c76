import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Problem } from '../protocol/problem.ts';
import { reasonOf } from '../store/fileProblem.ts';
import { isFileError } from '../store/files.ts';

/**
 * Makes a new folder for a model when none was named.
 *
 * @throws Problem when none can be made
 */
export function temporaryDirectory(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'unroll-'));
  } catch (error) {
    if (!isFileError(error)) throw error;
    throw new Problem(
      `There is no place for the model in ${tmpdir()}: ${reasonOf(error)}, or name a folder for the model with --out.`,
    );
  }
}
