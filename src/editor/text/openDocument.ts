import { type TextDocument, type Uri, workspace } from 'vscode';

/**
 * Opens the text of a URI, whose fragment may name a part of it; null where it is gone, or is no text that VS Code opens.
 */
export async function openDocument(uri: Uri): Promise<TextDocument | null> {
  try {
    return await workspace.openTextDocument(uri.with({ fragment: '' }));
  } catch {
    return null;
  }
}
