import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Reads the page that an exported model is shown in.
 * @param assets the folder with the build's output
 * @returns the contents of its files by name
 */
export function readPage(assets: string): ReadonlyMap<string, Uint8Array> {
  const folder = join(assets, 'web');
  return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
}
