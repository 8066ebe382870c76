import { type Disposable, type TextDocument, workspace } from 'vscode';

/**
 * Calls the listener for each document that is closed. VS Code's own event also comes when the language of a
 * document changes, and is then followed by the event of an opened document.
 */
export function onDidCloseDocument(listener: (document: TextDocument) => void): Disposable {
  return workspace.onDidCloseTextDocument((document) => {
    if (document.isClosed) listener(document);
  });
}
