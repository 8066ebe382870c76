// Tests 'Train Again' on what was a selection, after the text around it or in it has been edited.
import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { beforeEach, describe, it } from 'mocha';
import { EndOfLine, Range, Selection, type TextEditor, Uri, window, workspace } from 'vscode';
import { partAgain } from '../../../src/editor/runs/trainAgain.ts';
import { type OpenText, selectedText } from '../../../src/editor/runs/trainingText.ts';
import { plain } from '../../../src/editor/text/lineEnds.ts';

const content = Array.from({ length: 12 }, (_, n) => `${n % 3 === 0 ? 'red' : 'green'} ${n >> 2}\n`).join('');

describe('a part of a text that is trained on again', () => {
  let editor: TextEditor;
  let asked: { source: string; now: boolean }[];

  beforeEach(async () => {
    asked = [];
    editor = await window.showTextDocument(await workspace.openTextDocument({ content }));
  });

  /** Selects the lines of each pair, from the first to the one before the last. */
  function select(...parts: [first: number, last: number][]): OpenText {
    editor.selections = parts.map(([first, last]) => new Selection(first, 0, last, 0));
    const source = selectedText(editor);
    ok(source);
    return source;
  }

  function again(source: OpenText, answer?: 'now' | 'then'): Promise<OpenText | 'gone' | null> {
    // A model's folder keeps the text in this form.
    const trained = source.documents.length === 1 ? source.documents[0] : source.documents.join('\n');
    const part = { uri: source.uri, title: source.title, languageId: 'log', trained: plain(trained) };
    return partAgain(part, async (title, now) => {
      asked.push({ source: title, now });
      return answer;
    });
  }

  const insert = (line: number, text: string) =>
    editor.edit((edit) => edit.insert(editor.document.positionAt(0).translate(line), text));

  for (const eol of [EndOfLine.LF, EndOfLine.CRLF])
    it(`is the same where nothing has changed, and where lines came before it (${EndOfLine[eol]})`, async () => {
      await editor.edit((edit) => edit.setEndOfLine(eol));
      const first = select([3, 6]);
      deepStrictEqual(await again(first), first);
      await insert(0, 'blue\nblue\n');
      const moved = await again(first);
      ok(moved && moved !== 'gone');
      deepStrictEqual(moved.documents, first.documents);
      strictEqual(moved.uri.fragment, 'L6,1-L9,1');
      deepStrictEqual(asked, []);
    });

  it('is the nearest where it stands several times', async () => {
    const second = select([4, 5]);
    strictEqual(second.documents[0].trim(), 'green 1');
    await insert(8, 'green 1\n');
    const same = await again(second);
    ok(same && same !== 'gone');
    strictEqual(same.uri.fragment, second.uri.fragment);
  });

  it('is all of several selections', async () => {
    const both = select([0, 2], [6, 8]);
    deepStrictEqual(await again(both), both);
    await insert(0, 'blue\n');
    strictEqual(await again(both), null);
    strictEqual(asked.length, 1);
  });

  it('is asked for where it has become another: as it is now, as it was, or not at all', async () => {
    const first = select([3, 6]);
    await insert(4, 'blue ');
    strictEqual(await again(first), null);
    const now = await again(first, 'now');
    ok(now && now !== 'gone');
    ok(now.documents[0].includes('blue'));
    const then = await again(first, 'then');
    ok(then && then !== 'gone');
    deepStrictEqual(then.documents, first.documents);
    strictEqual(then.uri.toString(), first.uri.toString());
    deepStrictEqual(then.remarks.length, 1);
    deepStrictEqual(asked, Array(3).fill({ source: first.title, now: true }));
  });

  it('can only be the earlier text where nothing is left of it', async () => {
    const first = select([3, 6]);
    await editor.edit((edit) => edit.delete(new Range(1, 0, 12, 0)));
    const then = await again(first, 'then');
    ok(then && then !== 'gone');
    deepStrictEqual(then.documents, first.documents);
    deepStrictEqual(asked, [{ source: first.title, now: false }]);
  });

  it('is gone with its file', async () => {
    const uri = Uri.file('/nowhere/at/all.log').with({ fragment: 'L1,1-L2,1' });
    strictEqual(
      await partAgain({ uri, title: 'all.log', languageId: 'log', trained: 'red' }, async () => 'now'),
      'gone',
    );
  });
});
