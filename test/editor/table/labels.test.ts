// Labels that are shown can be hidden.
import { afterEach, beforeEach, expect, type MockInstance, test, vi } from 'vitest';
import { Tints } from '../../../src/editor/inText/tints.ts';
import { Labels } from '../../../src/editor/table/labels.ts';
import { TextDocument, Uri } from '../../host/vscode/documents.ts';
import { Position } from '../../host/vscode/values.ts';
import { host, window } from '../../host/vscode/window.ts';

const models = {
  whenAsked: () => ({ directory: '/models/a', manifest: { weights: '', provenance: { source: 'a.csv' } } }),
  onDidChange: () => ({ dispose() {} }),
};
const diary = { problem() {} };
const inspector = { ask: async () => null };

let items: MockInstance<typeof window.createStatusBarItem>;
let disposed: number;

beforeEach(() => {
  disposed = 0;
  const create = window.createStatusBarItem;
  items = vi
    .spyOn(window, 'createStatusBarItem')
    .mockImplementation(() => ({ ...create(), dispose: () => disposed++ }));
  const document = new TextDocument(Uri.file('/tables/a.csv'), 'text,label\ngood,yes\n', 'csv');
  host.show(document, [{ active: new Position(0, 0) }]);
});
afterEach(() => {
  vi.restoreAllMocks();
  host.clear();
});

/** The number of items in the status bar, each of which stands for what is shown. */
const shown = () => items.mock.calls.length - disposed;

test('two toggles in quick succession show labels once, which the next one hides', async () => {
  const labels = new Labels({ models, inspector, diary } as never);
  await Promise.all([labels.toggle(), labels.toggle()]);
  expect(shown()).toBe(1);
  await labels.toggle();
  expect(shown()).toBe(0);
});

test('labels that are hidden before their model is found do not come', async () => {
  const labels = new Labels({ models, inspector, diary } as never);
  await Promise.all([labels.toggle(), labels.toggle(true)]);
  expect(shown()).toBe(0);
});

test('nor do colours that are hidden before their model is found', async () => {
  const tints = new Tints(models as never, inspector as never, diary as never);
  await Promise.all([tints.showSurprise(), tints.showSurprise(true)]);
  expect(shown()).toBe(0);
  await tints.showSurprise();
  expect(shown()).toBe(1);
  tints.dispose();
});
