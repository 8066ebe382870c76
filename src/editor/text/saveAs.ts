import { extname } from 'node:path';
import { l10n, Uri, window, workspace } from 'vscode';
import { say } from '../ui/messages.ts';

/** Asks for a file, proposing one in the workspace, and writes to it. */
export async function saveAs(name: string, contents: Uint8Array): Promise<void> {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const extension = extname(name).slice(1);
  const uri = await window.showSaveDialog({
    ...(folder ? { defaultUri: Uri.joinPath(folder, name) } : {}),
    filters: { [extension.toUpperCase()]: [extension] },
  });
  if (!uri) return;
  try {
    await workspace.fs.writeFile(uri, contents);
  } catch (error) {
    void say.error(l10n.t('{0} could not be written: {1}', name, (error as Error).message));
  }
}
