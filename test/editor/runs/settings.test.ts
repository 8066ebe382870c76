import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TrainRequest } from '../../../src/protocol/trainer.ts';
import { TextDocument, Uri } from '../../host/vscode/documents.ts';
import { Extension } from '../../host/vscode/extension.ts';
import { host } from '../../host/vscode/window.ts';

let extension: Extension;

beforeEach(async () => {
  extension = await Extension.start();
});
afterEach(() => {
  host.settings.clear();
  extension.dispose();
});

test('a run is asked for with the settings that the user has made, so that its task chooses the others', async () => {
  host.settings.set('unroll.train.batch', 8);
  // This is the default, which a task may have changed.
  host.settings.set('unroll.train.learningRate', 0.008);
  host.settings.set('unroll.train.patience', null);
  host.show(new TextDocument(Uri.file('/a.txt'), 'A text to train on. '.repeat(20)));
  await host.commands.get('unroll.train')!();
  const asked = (await extension.told())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).request)
    .find((request) => request?.type === 'train');
  const { settings } = asked.request as TrainRequest;
  expect(settings).toEqual({
    'train.batch': 8,
    'train.learningRate': 0.008,
    'train.patience': null,
    'engine.kind': 'auto',
  });
});
