// Keeps failing inputs on disk, each of which the tests try again from then on.
import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export interface Failure {
  /** The smallest failing input that was found. */
  readonly input: unknown;
  readonly message: string;
  /** The `--seed` with which the target finds it again; null for an input from a finite list. */
  readonly seed: number | null;
}

const folder = join(import.meta.dirname, 'failures');
const root = join(import.meta.dirname, '../..');

/**
 * Writes a failure to disk.
 * @returns the file's path; the same input has the same file
 */
export function keepFailure(target: string, failure: Failure): string {
  const name = createHash('sha256').update(JSON.stringify(failure.input)).digest('hex').slice(0, 12);
  const path = join(folder, target, `${name}.json`);
  mkdirSync(join(folder, target), { recursive: true });
  // The project's own files are named relative to its root, so that the message is the same on every machine.
  const message = failure.message.replaceAll(pathToFileURL(`${root}/`).href, '').replaceAll(`${root}/`, '');
  writeFileSync(path, `${JSON.stringify({ ...failure, message }, null, 2)}\n`);
  return path;
}

export function keptFailures(target: string): (Failure & { readonly file: string })[] {
  return globSync(`${target}/*.json`, { cwd: folder })
    .sort()
    .map((file) => ({ file, ...JSON.parse(readFileSync(join(folder, file), 'utf8')) }));
}
