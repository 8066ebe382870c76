// Asks for the files of a folder to train on.
import { type LogOutputChannel, l10n, type Uri, window, workspace } from 'vscode';
import { say } from '../ui/messages.ts';
import { inputLine } from '../ui/quickInput.ts';
import type { SourceText } from './trainingText.ts';

/**
 * Asks for a glob of the folder's files, and for the folder if none is given.
 * @returns the text of these files; null or undefined where the user has cancelled or there is none, which has been said
 */
export async function chooseFolder(
  folder: Uri | undefined,
  log: LogOutputChannel,
): Promise<SourceText | null | undefined> {
  const root = folder ?? (await chooseRoot());
  if (!root) return undefined;
  const pattern = await inputLine({
    title: l10n.t('Train on {0}', workspace.asRelativePath(root)),
    prompt: l10n.t('Which files below the folder, as a glob; `**` is all of them, `**/*.{md,txt}` some'),
    value: '**',
    validateInput: (text) => (text.trim() === '' ? l10n.t('`**` names all files.') : undefined),
  });
  if (pattern === undefined) return undefined;
  const { readFolder } = await import('./folder.ts');
  return readFolder(root, pattern.trim(), log);
}

async function chooseRoot(): Promise<Uri | undefined> {
  const folders = workspace.workspaceFolders ?? [];
  if (folders.length > 1) return (await window.showWorkspaceFolderPick())?.uri;
  if (folders.length === 0) void say.warning(l10n.t('Open a folder to train on first.'));
  return folders[0]?.uri;
}
