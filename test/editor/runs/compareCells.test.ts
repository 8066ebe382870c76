// 'Compare Cells' offers the cells of the workspace's files, whatever else is among these.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TextDocument, Uri } from '../../host/vscode/documents.ts';
import { Extension } from '../../host/vscode/extension.ts';
import { workspace } from '../../host/vscode/index.ts';
import { host } from '../../host/vscode/window.ts';

let extension: Extension;
beforeEach(async () => {
  extension = await Extension.start();
});
afterEach(() => {
  vi.restoreAllMocks();
  extension.dispose();
});

test('a file that cannot be opened is left out', async () => {
  const folder = join(extension.workspace, 'cells');
  mkdirSync(folder);
  writeFileSync(join(folder, 'own.rnn'), 'cell Own\n  h[t] = tanh(W x[t] + U h[t-1] + b)\n');
  writeFileSync(join(folder, 'broken.rnn'), Buffer.from([0, 255]));
  const open = workspace.openTextDocument;
  vi.spyOn(workspace, 'openTextDocument').mockImplementation(async (what) => {
    if (what.toString().endsWith('broken.rnn'))
      throw new Error('The file seems to be binary and cannot be opened as text.');
    return open(what);
  });
  host.show(new TextDocument(Uri.file(join(extension.workspace, 'a.log')), 'text'));
  await host.commands.get('unroll.compareCells')!();
  const items = host.shown.filter(({ place }) => place === 'quick pick item').map(({ text }) => text);
  expect(items).toContain('Own');
  expect(items).toContain('LSTM');
});
