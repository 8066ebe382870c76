import { deepStrictEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { commands, languages, window } from 'vscode';
import { onDidCloseDocument } from '../../../src/editor/ui/closedDocuments.ts';

describe('a document is closed', () => {
  it('when its editor is, and not when its language changes', async () => {
    // A document that an extension has opened stays open for minutes after its editor.
    await commands.executeCommand('workbench.action.files.newUntitledFile');
    const { document } = window.activeTextEditor!;
    const closed: string[] = [];
    const end = Promise.withResolvers<void>();
    const listener = onDidCloseDocument((each) => {
      if (each !== document) return;
      closed.push(each.languageId);
      end.resolve();
    });
    await languages.setTextDocumentLanguage(document, 'markdown');
    await commands.executeCommand('workbench.action.closeActiveEditor');
    await end.promise;
    listener.dispose();
    deepStrictEqual(closed, ['markdown']);
  });
});
