// A stored run continues with the text that it was trained on. That text is checked again, because the
// settings or its contents may by now forbid it.
import { Uri } from 'vscode';
import type { Choices } from '../models/choices.ts';
import { mostTextBytes, read, readManifest } from '../models/modelFiles.ts';
import { secretIn } from '../settings/secrets.ts';

/** Returns a sentence why the run must not continue; null if nothing forbids it. */
export async function secretInRun(directory: string, choices: Choices): Promise<string | null> {
  // The worker reports a missing manifest or text itself.
  const manifest = await readManifest(directory).catch(() => null);
  if (!manifest) return null;
  const { source, uri } = choices.inPlace(directory, manifest).provenance;
  const text = manifest.text && (await read(directory, manifest.text, mostTextBytes).catch(() => null));
  return secretIn({ uri: uri === null ? Uri.file('/') : Uri.parse(uri), title: source }, text ? [text] : []);
}
