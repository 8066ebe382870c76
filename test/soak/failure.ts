// Failing inputs on disk: the tests try each of them again, from the day on which it was found.
import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Failure {
  /** The smallest failing input that was found. */
  readonly input: unknown;
  readonly message: string;
  /** `--seed` with which the target comes upon it again; null for an input from a list of all. */
  readonly seed: number | null;
}

const folder = join(import.meta.dirname, 'failures');

/** @returns the file's path; the same input has the same file */
export function keepFailure(target: string, failure: Failure): string {
  const name = createHash('sha256').update(JSON.stringify(failure.input)).digest('hex').slice(0, 12);
  const path = join(folder, target, `${name}.json`);
  mkdirSync(join(folder, target), { recursive: true });
  writeFileSync(path, `${JSON.stringify(failure, null, 2)}\n`);
  return path;
}

export function keptFailures(target: string): (Failure & { readonly file: string })[] {
  return globSync(`${target}/*.json`, { cwd: folder })
    .sort()
    .map((file) => ({ file, ...JSON.parse(readFileSync(join(folder, file), 'utf8')) }));
}
