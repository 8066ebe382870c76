// The text to train on: the editor's buffers, saved or not, or a file too large for VS Code to pass to
// extensions.

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
  /** The number of characters of the whole source, of which the documents may be only the last part. */
  readonly characters: number;
  readonly title: string;
  /** The URI of the source; for a part of a text, its fragment names the part. */
  readonly uri: Uri;
  /** The glob, if the documents are files below the folder `uri`; otherwise null. */
  readonly pattern: string | null;
  /** The language's id; empty if there are several languages. */
  readonly languageId: string;
  /** Sentences that tell what part of the source is not in the documents, and why. */
  readonly remarks: readonly string[];
}

/** The bytes that are read at the end of a file over 50 MB, which VS Code does not pass to extensions. */
const tailBytes = 12_000_000;

/** Returns the active text; null if no text is open. */
export async function currentText(): Promise<SourceText | null> {
  const { activeNotebookEditor, activeTextEditor } = window;
  if (activeNotebookEditor) return textOfNotebook(activeNotebookEditor.notebook);
  if (activeTextEditor) return textOf(activeTextEditor.document);
  const input = window.tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof TabInputText) return textOfTail(input.uri);
  // If the training panel has the focus, the text beside it is used.
  const [notebook] = window.visibleNotebookEditors;
  if (notebook) return textOfNotebook(notebook.notebook);
  const visible = window.visibleTextEditors.find(({ document }) => document.uri.scheme !== 'output');
  return visible ? textOf(visible.document) : null;
}

/** Reads a file, which need not be open; null if it cannot be read. */
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

/** Returns the selected text; null if nothing is selected. Several selections become several documents. */
export function selectedText({ document, selections }: TextEditor): SourceText | null {
  const chosen = selections.filter(({ isEmpty }) => !isEmpty).toSorted((a, b) => a.start.compareTo(b.start));
  return chosen.length > 0 ? textOfParts(document, chosen) : null;
}

/** @param parts at least one, in the order of the text */
export function textOfParts(document: TextDocument, parts: readonly Range[]): SourceText {
  const { start } = parts[0];
  const { end } = parts[parts.length - 1];
  // A selection of whole lines ends at the beginning of the next line.
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

/** Parses the ranges in a fragment, in the format of VS Code's own links; empty if there are none. */
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

/** Returns the source of the notebook's cells, without their outputs or the file's markup. */
export function textsOf(notebook: NotebookDocument): string[] {
  return notebook
    .getCells()
    .filter(isWritten)
    .map(({ document }) => document.getText());
}

const isWritten = ({ document }: NotebookCell): boolean => document.getText().trim() !== '';

/** Whether the file is a Jupyter notebook, the only kind that VS Code itself supports. */
export const isNotebook = ({ path }: Uri): boolean => path.endsWith('.ipynb');

/**
 * Returns the document's URI; for a notebook's cell, that of the notebook, which is the text that a user
 * knows.
 */
export function uriOf(document: TextDocument): Uri {
  return notebookOf(document)?.uri ?? document.uri;
}

/** Returns the text before a document in the text that it is a part of: for a cell, the cells before it. */
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

/** Returns null if the URI is not a file on disk that can be read. */
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
    // The first line is dropped, because it may begin in the middle of a character.
    const text = buffer.toString('utf8');
    return { text: buffer.length < size ? text.slice(text.indexOf('\n') + 1) : text, bytes: size };
  } finally {
    await file.close();
  }
}
