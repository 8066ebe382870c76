// What is trained on: the editor's buffers, saved or not, or a file too large for the editor to hand over.

import { open } from 'node:fs/promises';
import {
  type NotebookCell,
  NotebookCellKind,
  type NotebookDocument,
  type Position,
  Range,
  TabInputText,
  type TextDocument,
  type TextEditor,
  type Uri,
  window,
  workspace,
} from 'vscode';

export interface SourceText {
  readonly documents: readonly string[];
  /** Of the whole source, of which the documents may be the last part. */
  readonly characters: number;
  readonly title: string;
  /** Of a part of a text, with a fragment that says which. */
  readonly uri: Uri;
  /** A glob, where the documents are files below the folder `uri`. */
  readonly pattern: string | null;
  /** Empty where there are several. */
  readonly languageId: string;
  /** What of the source is not in the documents, and why; sentences. */
  readonly remarks: readonly string[];
}

/** VS Code hands no text over 50 MB to extensions; of such a file, so many bytes at its end are read. */
const tailBytes = 12_000_000;

/** null when no text is open. */
export async function currentText(): Promise<SourceText | null> {
  const { activeNotebookEditor, activeTextEditor } = window;
  if (activeNotebookEditor) return textOfNotebook(activeNotebookEditor.notebook);
  if (activeTextEditor) return textOf(activeTextEditor.document);
  const input = window.tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof TabInputText) return textOfTail(input.uri);
  // With the focus in the training panel, the text beside it is meant.
  const [notebook] = window.visibleNotebookEditors;
  if (notebook) return textOfNotebook(notebook.notebook);
  const visible = window.visibleTextEditors.find(({ document }) => document.uri.scheme !== 'output');
  return visible ? textOf(visible.document) : null;
}

/** Of a file that need not be open; null where it cannot be read. */
export async function textAt(uri: Uri): Promise<SourceText | null> {
  try {
    if (isNotebook(uri)) return textOfNotebook(await workspace.openNotebookDocument(uri));
    return textOf(await workspace.openTextDocument(uri));
  } catch {
    return textOfTail(uri);
  }
}

export function textOf(document: TextDocument): SourceText {
  const { uri, languageId } = document;
  return sourceOf([document.getText()], uri, titleOf(uri), languageId);
}

/** null where nothing is selected. Several selections are documents of their own. */
export function selectedText({ document, selections }: TextEditor): SourceText | null {
  const chosen = selections.filter(({ isEmpty }) => !isEmpty).toSorted((a, b) => a.start.compareTo(b.start));
  return chosen.length > 0 ? textOfParts(document, chosen) : null;
}

/** @param parts at least one, in their order */
export function textOfParts(document: TextDocument, parts: readonly Range[]): SourceText {
  const { start } = parts[0];
  const { end } = parts[parts.length - 1];
  // Whole lines are selected up to the beginning of the next.
  const lastLine = end.character === 0 && end.line > start.line ? end.line : end.line + 1;
  const place = ({ line, character }: Position) => `L${line + 1},${character + 1}`;
  const fragment = parts.map((part) => `${place(part.start)}-${place(part.end)}`).join(';');
  return sourceOf(
    parts.map((part) => document.getText(part)),
    document.uri.with({ fragment }),
    `${titleOf(document.uri)}:${start.line + 1}–${lastLine}`,
    document.languageId,
  );
}

/** What a fragment says, as VS Code's own links do of one part; none where it says nothing. */
export function partsOf({ fragment }: Uri): Range[] {
  return [...fragment.matchAll(/L(\d+),(\d+)-L(\d+),(\d+)/g)].map((found) => {
    const [line, character, endLine, endCharacter] = found.slice(1).map((digits) => Number(digits) - 1);
    return new Range(line, character, endLine, endCharacter);
  });
}

function textOfNotebook(notebook: NotebookDocument): SourceText {
  const cells = notebook.getCells().filter(isWritten);
  const code = cells.find(({ kind }) => kind === NotebookCellKind.Code) ?? cells[0];
  return sourceOf(textsOf(notebook), notebook.uri, titleOf(notebook.uri), code?.document.languageId ?? '');
}

/** In its cells' own words: neither their outputs nor what a file wraps them in. */
export function textsOf(notebook: NotebookDocument): string[] {
  return notebook
    .getCells()
    .filter(isWritten)
    .map(({ document }) => document.getText());
}

const isWritten = ({ document }: NotebookCell): boolean => document.getText().trim() !== '';

/** Of all notebooks those that VS Code itself knows. */
export const isNotebook = ({ path }: Uri): boolean => path.endsWith('.ipynb');

/** Of a cell, its notebook's: that is the text a user knows. */
export function uriOf(document: TextDocument): Uri {
  return notebookOf(document)?.uri ?? document.uri;
}

/** What stands before a document in the text that it is a part of: the cells before a cell. */
export function textBefore(document: TextDocument): string {
  const cells = notebookOf(document)?.getCells() ?? [];
  return cells
    .slice(
      0,
      cells.findIndex((cell) => cell.document === document),
    )
    .map((cell) => `${cell.document.getText().replace(/\n+$/, '')}\n\n`)
    .join('');
}

function notebookOf(document: TextDocument): NotebookDocument | undefined {
  if (document.uri.scheme !== 'vscode-notebook-cell') return undefined;
  return workspace.notebookDocuments.find((notebook) =>
    notebook.getCells().some((cell) => cell.document === document),
  );
}

function sourceOf(documents: string[], uri: Uri, title: string, languageId: string): SourceText {
  const characters = documents.reduce((sum, { length }) => sum + length, 0);
  return { documents, characters, title, uri, pattern: null, languageId, remarks: [] };
}

const titleOf = (uri: Uri): string => (uri.scheme === 'untitled' ? uri.path : workspace.asRelativePath(uri));

/** null where it is no file on disk that can be read. */
async function textOfTail(uri: Uri): Promise<SourceText | null> {
  if (uri.scheme !== 'file') return null;
  try {
    const { text, bytes } = await readTail(uri.fsPath);
    return { ...sourceOf([text], uri, titleOf(uri), 'plaintext'), characters: bytes };
  } catch {
    return null;
  }
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
