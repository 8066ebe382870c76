// A picture of a cell leads to the lines of its file.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { Pictures } from '../../../src/editor/laboratory/pictures.ts';
import { Uri } from '../../host/vscode/documents.ts';
import { host } from '../../host/vscode/window.ts';
import { temporaryFolder } from '../../temporaryFolder.ts';

const folder = temporaryFolder('pictures');
afterEach(() => host.clear());

test('a click on an equation shows its line, and says so where the file has been deleted', async () => {
  const file = join(folder, 'own.rnn');
  writeFileSync(file, 'cell Own\n  h[t] = tanh(W x[t] + U h[t-1] + b)\n');
  const source = Uri.file(file);
  const pictures = new Pictures({ extensionUri: Uri.file(folder) } as never, {} as never);
  pictures.show({ title: 'Own', source, cell: 'Own', picture: {} as never, text: '' });
  const page = host.webviews.at(-1)!;
  page.say({ type: 'line', line: 2 });
  await expect.poll(() => host.editor?.document.uri.path).toBe(source.path);
  rmSync(file);
  host.clear();
  page.say({ type: 'line', line: 2 });
  await expect.poll(() => host.shown.map(({ text }) => text)).toEqual([`${source.fsPath} no longer exists.`]);
  expect(host.editor).toBeUndefined();
  pictures.dispose();
});
