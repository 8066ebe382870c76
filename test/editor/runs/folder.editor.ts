// Checks what is read of a folder, what is left out and why, and that reading ends when it is cancelled.
import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { CancellationTokenSource, commands, Uri, window, workspace } from 'vscode';
import { gather, type Limits, reportEvery, unlessCancelled } from '../../../src/editor/runs/folder.ts';
import type { SourceText } from '../../../src/editor/runs/trainingText.ts';

const many: Limits = { files: 100, characters: 1000 };

const notebook = (...sources: string[]) =>
  JSON.stringify({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { language_info: { name: 'python' } },
    cells: sources.map((source) => ({
      cell_type: 'code',
      execution_count: null,
      metadata: {},
      outputs: [{ output_type: 'stream', name: 'stdout', text: ['an output'] }],
      source,
    })),
  });

describe('training on a folder', () => {
  let folder: string;
  let cancellation: CancellationTokenSource;
  let reports: string[];
  let leftOut: string[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'unroll-texts-'));
    cancellation = new CancellationTokenSource();
    [reports, leftOut] = [[], []];
  });
  afterEach(async () => {
    await workspace.saveAll();
    await commands.executeCommand('workbench.action.closeAllEditors');
    rmSync(folder, { recursive: true });
  });

  function write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
  }

  /** @param onReport is called at each report of the progress */
  function read(limits = many, onReport = () => {}): Promise<SourceText | string | null> {
    const report = ({ message }: { message: string }) => {
      reports.push(message);
      onReport();
    };
    const log = { debug: (line: string) => leftOut.push(line) };
    return gather(Uri.file(folder), '**', log, limits, { report }, cancellation.token);
  }

  async function readTexts(limits = many): Promise<SourceText> {
    const source = await read(limits);
    ok(source !== null && typeof source !== 'string', String(source));
    return source;
  }

  it('reads files in the order of their paths, of notebooks the cells', async () => {
    write({
      'a.txt': 'one',
      'b.ipynb': notebook('import gizmo\n', ' ', 'gizmo.turn()'),
      'c.ipynb': '{ "cells": 7 }',
      'd.ipynb': notebook(),
      'deep/e.txt': 'two',
    });
    const { documents, remarks } = await readTexts();
    deepStrictEqual(documents, ['one', 'import gizmo\n', 'gizmo.turn()', 'two']);
    deepStrictEqual(remarks, ['Files read: 3. Left out: 1 damaged notebooks, 1 empty.']);
    strictEqual(leftOut.length, 2);
  });

  it('reads what is open as it stands in the editor, notebooks too', async () => {
    write({ 'a.txt': 'one', 'b.ipynb': notebook('gizmo.turn()') });
    const editor = await window.showTextDocument(await workspace.openTextDocument(join(folder, 'a.txt')));
    await editor.edit((edit) => edit.insert(editor.document.positionAt(3), ' more'));
    const opened = await workspace.openNotebookDocument(Uri.file(join(folder, 'b.ipynb')));
    const { document } = await window
      .showNotebookDocument(opened)
      .then(({ notebook }) => notebook.getCells()[0]);
    const typed = await window.showTextDocument(document);
    await typed.edit((edit) => edit.insert(document.positionAt(0), 'big_'));
    deepStrictEqual((await readTexts()).documents, ['one more', 'big_gizmo.turn()']);
  });

  it('leaves files to the worker where they are too long for memory together', async () => {
    const names = ['a.txt', 'b.txt', 'c.txt', 'd.txt'];
    write({ 'a.txt': 'x'.repeat(600), 'b.txt': 'é'.repeat(600), 'c.txt': 'z', 'd.txt': 'z' });
    const { documents, remarks } = await readTexts();
    deepStrictEqual(
      documents,
      names.map((name) => ({ path: join(folder, name) })),
    );
    deepStrictEqual(remarks, ['Files read: 4.']);
  });

  it('keeps what only memory has up to its limit, and says how many files are beyond it', async () => {
    const utf16 = Buffer.from(`\uFEFF${'é'.repeat(600)}`, 'utf16le');
    write({ 'a.txt': 'x'.repeat(600), 'd.txt': 'z' });
    for (const name of ['b.txt', 'c.txt', 'e.txt']) writeFileSync(join(folder, name), utf16);
    const { documents, remarks } = await readTexts();
    deepStrictEqual(
      documents.map((document) => (typeof document === 'string' ? document.length : document.path)),
      [join(folder, 'a.txt'), 600, 600, join(folder, 'd.txt')],
    );
    deepStrictEqual(remarks, [
      'Files read: 4. Left out: 1 that are not in UTF-8 on disk, after 1,000 characters of such.',
    ]);
  });

  it('reads none of more files than its limit, and says what to do', async () => {
    write({ 'a.txt': 'one', 'b.txt': 'two', 'c.txt': 'three' });
    const sentence = await read({ ...many, files: 2 });
    ok(typeof sentence === 'string');
    ok(/matches more than 2 files: choose a subfolder or a narrower pattern\.$/.test(sentence));
    deepStrictEqual(reports, []);
    strictEqual((await readTexts({ ...many, files: 3 })).documents.length, 3);
  });

  it('says why where there is nothing to read', async () => {
    write({ '.env': 'TOKEN=1', 'a.txt': '\n' });
    const sentence = await read();
    ok(typeof sentence === 'string');
    ok(/matches no text to train on\. Files read: 0\. Left out: 1 like secrets, 1 empty\.$/.test(sentence));
  });

  it('ends where it is cancelled, with nothing', async () => {
    const files = 3 * reportEvery;
    write(Object.fromEntries(Array.from({ length: files }, (_, n) => [`${n}.txt`, 'text'])));
    const source = await read(many, () => {
      if (reports.length === 2) cancellation.cancel();
    });
    strictEqual(source, null);
    // Reading was under way, and went no further.
    deepStrictEqual(reports, [`0 of ${files} files`, `${reportEvery} of ${files} files`]);
    deepStrictEqual(leftOut, []);
  });

  it('ends at once where it is cancelled while a disk does not answer', async () => {
    const waited = unlessCancelled(new Promise(() => {}), cancellation.token);
    cancellation.cancel();
    strictEqual(await waited, null);
    strictEqual(await unlessCancelled(Promise.resolve('read'), new CancellationTokenSource().token), 'read');
  });
});
