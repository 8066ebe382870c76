// Recognises texts with secrets. Nothing is trained on them, learned from them or suggested in them.
import { readlink, realpath } from 'node:fs/promises';
import { l10n, type Uri } from 'vscode';
import { type FileSystem, holdsPrivateKey, isSecretFile } from '../../protocol/secrets.ts';
import type { TrainingDocument } from '../../protocol/trainer.ts';
import { setting } from './settings.ts';

const disk: FileSystem = {
  realpath: (path) => realpath(path).catch(() => null),
  readlink: (path) => readlink(path).catch(() => null),
};

/** Whether the file matches a glob of the setting, also by the names of links and of their targets. */
export async function isSecret(uri: Uri): Promise<boolean> {
  // A path of another scheme, such as an earlier version or a notebook's cell, is checked as that of a file.
  return isSecretFile(uri.fsPath, setting('secrets', uri), disk);
}

/**
 * Returns a sentence why nothing may be learned from a text; null if nothing forbids it. What is in a file that the worker
 * reads, the worker examines.
 */
export async function secretIn(
  { uri, title }: { readonly uri: Uri; readonly title: string },
  documents: readonly TrainingDocument[],
): Promise<string | null> {
  if (await isSecret(uri))
    return l10n.t(
      '{0} looks like a file with secrets: nothing is trained on it. The setting `unroll.secrets` says which files are.',
      title,
    );
  if (documents.some((document) => typeof document === 'string' && holdsPrivateKey(document)))
    return l10n.t(
      '{0} holds a private key: nothing is trained on it. Take the key out of the text, or train on a selection without it.',
      title,
    );
  return null;
}
