// A run on disk goes on with the text that it was trained on: what may be learned today may be less than it was then.
import { Uri } from 'vscode';
import { mostTextBytes, read, readManifest } from '../models/modelFiles.ts';
import { secretIn } from '../settings/secrets.ts';

/** Why the run must not go on, as a sentence; null where nothing is against it. */
export async function secretInRun(directory: string): Promise<string | null> {
  // The worker says why a run without a manifest, or without its text, cannot go on.
  const manifest = await readManifest(directory).catch(() => null);
  if (!manifest) return null;
  const { source, uri } = manifest.provenance;
  const text = manifest.text && (await read(directory, manifest.text, mostTextBytes).catch(() => null));
  return secretIn({ uri: uri === null ? Uri.file('/') : Uri.parse(uri), title: source }, text ? [text] : []);
}
