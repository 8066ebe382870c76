// What 'the current file' is: the editor's buffer, saved or not, or a file too large for the editor to hand over.

import { open } from 'node:fs/promises';
import { TabInputText, type TextDocument, type Uri, window, workspace } from 'vscode';

export interface SourceText {
  readonly text: string;
  /** Of the whole source, of which `text` may be the last part. */
  readonly characters: number;
  readonly title: string;
  readonly uri: Uri;
  readonly languageId: string;
}

/** VS Code hands no text over 50 MB to extensions; of such a file, so many bytes at its end are read. */
const tailBytes = 12_000_000;

/** null when no text is open. */
export async function currentText(): Promise<SourceText | null> {
  const document = window.activeTextEditor?.document ?? lastVisible();
  if (document) return textOf(document);
  const input = window.tabGroups.activeTabGroup.activeTab?.input;
  if (!(input instanceof TabInputText) || input.uri.scheme !== 'file') return null;
  const { text, bytes } = await readTail(input.uri.fsPath);
  return { text, characters: bytes, title: titleOf(input.uri), uri: input.uri, languageId: 'plaintext' };
}

export function textOf(document: TextDocument): SourceText {
  const text = document.getText();
  const { uri, languageId, isUntitled } = document;
  return { text, characters: text.length, title: isUntitled ? uri.path : titleOf(uri), uri, languageId };
}

const titleOf = (uri: Uri): string => workspace.asRelativePath(uri);

/** With the focus in the training panel, the text beside it is meant. */
function lastVisible(): TextDocument | undefined {
  if (window.tabGroups.activeTabGroup.activeTab?.input instanceof TabInputText) return undefined;
  return window.visibleTextEditors.find(({ document }) => document.uri.scheme !== 'output')?.document;
}

async function readTail(path: string): Promise<{ text: string; bytes: number }> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const buffer = Buffer.alloc(Math.min(size, tailBytes));
    await file.read(buffer, 0, buffer.length, size - buffer.length);
    // The first line may begin in the middle of a character.
    const text = buffer.toString('utf8');
    return { text: buffer.length < size ? text.slice(text.indexOf('\n') + 1) : text, bytes: size };
  } finally {
    await file.close();
  }
}
