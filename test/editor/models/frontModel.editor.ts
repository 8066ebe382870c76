// A document whose language changes stays the text in front, and gets the model of its new language.
import { notStrictEqual, strictEqual } from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { commands, EventEmitter, languages, type TextDocument, window, workspace } from 'vscode';
import { LastText } from '../../../src/editor/language/lastText.ts';
import { FrontModel } from '../../../src/editor/models/frontModel.ts';

describe('when the language of the text in front changes', () => {
  const model = { directory: '/models/notes', manifest: { provenance: { source: 'notes.md' } } };
  const changes = new EventEmitter<void>();
  let document: TextDocument;
  let front: FrontModel;
  let lastText: LastText;

  beforeEach(async () => {
    document = await workspace.openTextDocument({ content: 'a text', language: 'plaintext' });
    await window.showTextDocument(document);
    const models = {
      onDidChange: changes.event,
      for: ({ languageId }: TextDocument) => (languageId === 'markdown' ? model : undefined),
    };
    front = new FrontModel(models as never, { onDidChange: changes.event } as never);
    lastText = new LastText();
  });
  afterEach(() => {
    front.dispose();
    lastText.dispose();
  });

  it('its model is that of the new language, and this is announced', async () => {
    strictEqual(front.model, undefined);
    const found: (string | undefined)[] = [];
    const listener = front.onDidChange(() => found.push(front.model?.directory));
    await languages.setTextDocumentLanguage(document, 'markdown');
    listener.dispose();
    strictEqual(found.at(-1), '/models/notes');
    strictEqual(front.uri, document.uri.toString());
  });

  it('it stays the text to train on', async () => {
    await languages.setTextDocumentLanguage(document, 'markdown');
    strictEqual(lastText.document, document);
  });

  it('but one that is closed is neither any more', async () => {
    // A document that an extension has opened stays open for minutes after its editor.
    await commands.executeCommand('workbench.action.files.newUntitledFile');
    const other = window.activeTextEditor!.document;
    strictEqual(front.uri, other.uri.toString());
    const closed = new Promise<void>((resolve) => {
      const listener = front.onDidChange(() => {
        if (!other.isClosed) return;
        listener.dispose();
        resolve();
      });
    });
    await commands.executeCommand('workbench.action.closeActiveEditor');
    await closed;
    notStrictEqual(front.uri, other.uri.toString());
    notStrictEqual(lastText.document, other);
  });
});
