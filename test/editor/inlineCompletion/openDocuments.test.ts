// A model is shown the open documents once, and again by a worker that was started anew.

import { afterEach, expect, test } from 'vitest';
import { Position, Uri } from 'vscode';
import { OpenTexts } from '../../../src/editor/inlineCompletion/openDocuments.ts';
import { PredictorClient } from '../../../src/editor/workers/predictorClient.ts';
import type { Port } from '../../../src/protocol/port.ts';
import { TextDocument } from '../../host/vscode/documents.ts';
import { host } from '../../host/vscode/window.ts';

afterEach(() => host.clear());

test('a worker that was started anew is shown them again', async () => {
  const told: unknown[] = [];
  let die = () => {};
  const client = new PredictorClient(
    (): Port => ({
      post: (message) => told.push(message),
      listen: ({ ended }) => {
        die = ended;
      },
      close: async () => {},
    }),
    { suggested() {} },
  );
  const model = { directory: '/m', manifest: { weights: 'w', text: 't' } };
  const texts = new OpenTexts({ for: () => model } as never, client);
  const document = new TextDocument(Uri.file('/a.log') as never, 'one\ntwo\n', 'log');
  host.show(document);
  const share = async () => {
    await texts.share(model as never, document as never, new Position(1, 0));
    return told.splice(0);
  };
  const shown = [{ type: 'notice', notice: { type: 'know', model: '/m', revision: 'w', text: 'one\n' } }];
  client.open({ model: '/m', revision: 'w' });
  expect(told.splice(0)).toHaveLength(1);
  expect(await share()).toEqual(shown);
  expect(await share()).toEqual([]);
  die();
  client.open({ model: '/m', revision: 'w' });
  expect(told.splice(0)).toHaveLength(1);
  expect(await share()).toEqual(shown);
});
