// Texts that are nobody's business: nothing is trained on them, nothing learns from them and nothing is suggested in
// them.
import { readlink, realpath } from 'node:fs/promises';
import { l10n, type Uri } from 'vscode';
import { type FileSystem, holdsPrivateKey, isSecretFile } from '../../protocol/secrets.ts';
import { setting } from './settings.ts';

const disk: FileSystem = {
  realpath: (path) => realpath(path).catch(() => null),
  readlink: (path) => readlink(path).catch(() => null),
};

/** By the globs of the setting, which the names of links and of what they lead to are held against, too. */
export async function isSecret(uri: Uri): Promise<boolean> {
  // Under another scheme too, as an earlier version or a notebook's cell, a path is that of a file, if there is one.
  return isSecretFile(uri.fsPath, setting('secrets', uri), disk);
}

/** Why nothing may be learned from a text, as a sentence; null where nothing is against it. */
export async function secretIn(
  { uri, title }: { readonly uri: Uri; readonly title: string },
  documents: readonly string[],
): Promise<string | null> {
  if (await isSecret(uri))
    return l10n.t(
      '{0} looks like a file with secrets: nothing is trained on it. The setting `unroll.secrets` says which files are.',
      title,
    );
  if (documents.some(holdsPrivateKey))
    return l10n.t(
      '{0} holds a private key: nothing is trained on it. Take the key out of the text, or train on a selection without it.',
      title,
    );
  return null;
}
