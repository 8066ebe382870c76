// 'Train Again' asks for the run that a model is of, with all that was said for it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Uri } from '../../host/vscode/documents.ts';
import { Extension } from '../../host/vscode/extension.ts';
import { writeModel } from '../../host/vscode/model.ts';
import { host } from '../../host/vscode/window.ts';

const definition = 'cell Own\n  h[t] = tanh(W x[t] + U h[t-1] + b)\ntrain\n  epochs = 9\n';

test.each([
  [
    'the command line, which overrides its cell’s file',
    { 'model.tokens': 'words', 'train.seconds': null, 'train.epochs': 1 },
  ],
  ['an editor', undefined],
])('a model of %s', async (_, options) => {
  const extension = await Extension.start();
  try {
    const text = Uri.file(join(extension.workspace, 'a.log'));
    writeFileSync(text.fsPath, 'the text');
    const settings = { 'train.epochs': 5 };
    const model = writeModel(join(extension.models, 'own'), {
      provenance: { uri: text.toString() },
      fields: { wishes: { settings, definition, cell: 'Own', ...(options && { options }) } },
    });
    await extension.refresh();
    const [shown] = host.tree!.getChildren() as { directory: string }[];
    expect(shown.directory).toBe(model.directory);
    await host.commands.get('unroll.trainAgain')!(shown);
    const asked = (await extension.told())
      .split('\n')
      .filter((line) => line.includes('"train"'))
      .map((line) => JSON.parse(line).request.request);
    expect(asked).toEqual([
      expect.objectContaining({
        settings: expect.objectContaining(settings),
        definition,
        cell: 'Own',
        options: options ?? {},
      }),
    ]);
  } finally {
    extension.dispose();
  }
});
