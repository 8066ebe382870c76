// The text to train on: the editor's buffers, saved or not, or a file on disk that is too large for VS Code to pass to
// extensions.

import { constants, open } from 'node:fs/promises';
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
import type { TrainingDocument } from '../../protocol/trainer.ts';

export interface SourceText {
  /** The texts, or the files that they are in where they are long. */
  readonly documents: readonly TrainingDocument[];
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

/** A source whose texts are all in memory. */
export type OpenText = SourceText & { readonly documents: readonly string[] };

/** Returns the active text; null if no text is open. */
export async function currentText(): Promise<SourceText | null> {
  const { activeNotebookEditor, activeTextEditor } = window;
  if (activeNotebookEditor) return textOfNotebook(activeNotebookEditor.notebook);
  if (activeTextEditor) return textOf(activeTextEditor.document);
  const input = window.tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof TabInputText) return textOnDisk(input.uri);
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
    return textOnDisk(uri);
  }
}

export function textOf(document: TextDocument): OpenText {
  const { uri, languageId } = document;
  return sourceOf([document.getText()], uri, titleOf(uri), languageId);
}

/** Returns the selected text; null if nothing is selected. Several selections become several documents. */
export function selectedText({ document, selections }: TextEditor): OpenText | null {
  const chosen = selections.filter(({ isEmpty }) => !isEmpty).toSorted((a, b) => a.start.compareTo(b.start));
  return chosen.length > 0 ? textOfParts(document, chosen) : null;
}

/** @param parts at least one, in the order of the text */
export function textOfParts(document: TextDocument, parts: readonly Range[]): OpenText {
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

function sourceOf<Document extends TrainingDocument>(
  documents: readonly Document[],
  uri: Uri,
  title: string,
  languageId: string,
): SourceText & { readonly documents: readonly Document[] } {
  return { documents, title, uri, pattern: null, languageId, remarks: [] };
}

const titleOf = (uri: Uri): string => (uri.scheme === 'untitled' ? uri.path : workspace.asRelativePath(uri));

/**
 * Returns a file that the worker reads, as VS Code does not pass one over 50 MB to extensions; null if there is none that
 * can be read.
 */
async function textOnDisk(uri: Uri): Promise<SourceText | null> {
  if (uri.scheme !== 'file') return null;
  try {
    await using file = await open(uri.fsPath, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    if (!(await file.stat()).isFile()) return null;
    return sourceOf([{ path: uri.fsPath }], uri, titleOf(uri), 'plaintext');
  } catch {
    return null;
  }
}
