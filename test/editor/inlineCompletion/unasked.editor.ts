// If keys were pressed before VS Code could ask for suggestions, it is told to ask.
import { strictEqual } from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { commands, type TextEditor, window, workspace } from 'vscode';
import { Unasked } from '../../../src/editor/inlineCompletion/unasked.ts';

describe('keys that have asked nobody', () => {
  let unasked: Unasked;
  /** The contents of the documents in which VS Code was told to ask. */
  let told: string[];
  let tell: (text: string) => void;

  beforeEach(() => {
    told = [];
    tell = () => {};
    unasked = new Unasked(() => {
      const text = window.activeTextEditor!.document.getText();
      told.push(text);
      tell(text);
    });
  });
  afterEach(() => unasked.dispose());

  const type = (text: string) => commands.executeCommand('type', { text });

  async function open(content: string): Promise<TextEditor> {
    const editor = await window.showTextDocument(await workspace.openTextDocument({ content }));
    await commands.executeCommand('cursorBottom');
    return editor;
  }

  const asking = () =>
    new Promise<string>((resolve) => {
      tell = resolve;
    });

  it('ask when the typist pauses', async () => {
    await open('one ');
    const asked = asking();
    await type('t');
    strictEqual(await asked, 'one t');
  });

  it('ask once in each editor, and not where VS Code has asked by itself', async () => {
    const { document } = await open('first ');
    unasked.asked(document);
    await type('a');
    await open('second ');
    let asked = asking();
    await type('b');
    strictEqual(await asked, 'second b');
    await type('c');
    await open('third ');
    asked = asking();
    await type('d');
    strictEqual(await asked, 'third d');
    strictEqual(told.length, 2);
  });

  it('are none where something was pasted, undone or replaced', async () => {
    const editor = await open('first ');
    await editor.edit((edit) => edit.insert(editor.selection.active, 'far more than one key writes'));
    await commands.executeCommand('undo');
    await open('second ');
    const asked = asking();
    await type('a');
    strictEqual(await asked, 'second a');
    strictEqual(told.length, 1);
  });
});
