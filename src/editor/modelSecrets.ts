// A run on disk goes on with the text that it was trained on: what may be learned today may be less than it was then.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Uri } from 'vscode';
import { parseManifest } from '../protocol/manifest.ts';
import { secretIn } from './secrets.ts';

/** Why the run must not go on, as a sentence; null where nothing is against it. */
export async function secretInRun(directory: string): Promise<string | null> {
  const manifest = await readFile(join(directory, 'model.json'), 'utf8').then(parseManifest, () => null);
  // Without a manifest the run cannot go on, which the worker says.
  if (!manifest) return null;
  const { source, uri } = manifest.provenance;
  const text = manifest.text && (await readFile(join(directory, manifest.text), 'utf8').catch(() => null));
  return secretIn({ uri: uri === null ? Uri.file('/') : Uri.parse(uri), title: source }, text ? [text] : []);
}
