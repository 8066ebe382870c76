// Checks what counts as typed, in a real editor.
import { deepStrictEqual } from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { commands, Range, type TextDocument, type TextEditor, window, workspace } from 'vscode';
import { Typed } from '../../../src/editor/inlineCompletion/typedText.ts';

describe('what was typed', () => {
  let document: TextDocument;
  let editor: TextEditor;
  let typed: Typed;
  let suggested: string;

  beforeEach(async () => {
    suggested = '';
    typed = new Typed((of, end) => suggested !== '' && of.getText().slice(0, end).endsWith(suggested));
    document = await workspace.openTextDocument({ content: 'red green\n' });
    editor = await window.showTextDocument(document);
    await commands.executeCommand('cursorBottom');
  });
  afterEach(() => typed.dispose());

  const key = (text: string) => commands.executeCommand('type', { text });
  const keys = async (text: string) => {
    for (const character of text) await key(character);
  };
  const end = () => document.getText().length;
  const insert = (text: string) => editor.edit((edit) => edit.insert(document.positionAt(end()), text));
  const check = (expected: string, offset = end()) => {
    deepStrictEqual(document.getText().slice(typed.startBefore(document, offset), offset), expected);
  };

  it('is what came key by key', async () => {
    await keys('blue');
    check('blue');
    await key('\n');
    await keys('x');
    check('blue\nx');
  });

  it('is not what was pasted or put in by another extension', async () => {
    await keys('ab');
    await insert('pasted');
    check('');
    await keys('cd');
    check('cd');
  });

  it('is what was accepted', async () => {
    await keys('ab');
    suggested = ' and so on';
    await insert(suggested);
    check('ab and so on');
  });

  it('is not what was undone or done again', async () => {
    await keys('ab');
    await commands.executeCommand('undo');
    check('');
    await commands.executeCommand('redo');
    check('');
  });

  it('is no longer what was deleted', async () => {
    await keys('abc');
    await commands.executeCommand('deleteLeft');
    check('ab');
    for (let i = 0; i < 4; i++) await commands.executeCommand('deleteLeft');
    check('');
  });

  it('goes on between brackets that were closed by the editor', async () => {
    await keys('(x');
    check('(x', end() - 1);
  });

  it('begins anew elsewhere', async () => {
    await keys('ab');
    await commands.executeCommand('cursorTop');
    check('', 0);
    await keys('c');
    check('c', 1);
  });

  it('is known once it was learned', async () => {
    await keys('abc');
    typed.learned(document, end() - 1);
    check('c');
    await keys('d');
    check('cd');
    typed.learned(document, end());
    check('');
  });

  it('is what several cursors type, at each of them, and learned once', async () => {
    await commands.executeCommand('editor.action.insertCursorAbove');
    await keys('ab');
    deepStrictEqual(document.getText(), 'abred green\nab');
    check('ab', 2);
    check('ab');
    await commands.executeCommand('deleteLeft');
    check('a', 1);
    check('a');
    typed.learned(document, end());
    check('', 1);
    await key('c');
    check('c');
  });

  it('is not what is replaced everywhere', async () => {
    await insert('a'.repeat(60));
    const places = Array.from({ length: 60 }, (_, at) => document.positionAt(end() - 1 - at));
    await editor.edit((edit) => {
      for (const place of places) edit.replace(new Range(place, place.translate(0, 1)), 'bb');
    });
    check('');
  });

  it('is nothing of another text', async () => {
    await keys('ab');
    const other = await workspace.openTextDocument({ content: '' });
    deepStrictEqual(typed.startBefore(other, 0), 0);
  });
});
