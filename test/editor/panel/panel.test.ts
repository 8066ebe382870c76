// There is one panel, whichever way it has come about.

import { expect, test } from 'vitest';
import { EventEmitter, window } from 'vscode';
import { Panel } from '../../../src/editor/panel/panel.ts';
import { Uri } from '../../host/vscode/documents.ts';
import { host } from '../../host/vscode/window.ts';
import { memento } from '../memento.ts';

const open = () => (window.createWebviewPanel as () => ReturnType<typeof window.createWebviewPanel>)();

test('a panel that is restored takes the place of one that was opened before, and is the one that is told', () => {
  const [updates, others] = [new EventEmitter<unknown>(), new EventEmitter<unknown>()];
  const runs = {
    onDidUpdate: updates.event,
    onDidDiscard: others.event,
    snapshot: null,
    directory: null,
    live: false,
    temperature: 1,
  };
  const panel = new Panel(
    { extensionUri: Uri.file('/extension'), globalState: memento() } as never,
    runs as never,
    { onDidChange: others.event, runs: [] } as never,
    { onDidChange: others.event, front: null } as never,
    () => {
      throw new Error('No sample is asked for.');
    },
  );
  const [opened, restored] = [open(), open()];
  const [, shown] = host.webviews.slice(-2);
  let closed = 0;
  opened.onDidDispose(() => closed++);
  panel.adopt(opened);
  panel.adopt(restored);
  expect(closed).toBe(1);
  shown.say({ type: 'ready' });
  const told = shown.messages.length;
  updates.fire({ restarted: true });
  expect(shown.messages.slice(told)).toMatchObject([{ type: 'snapshot' }]);
  // The panel that is there is shown, and no other one opened.
  const { length } = host.webviews;
  panel.show();
  expect(host.webviews).toHaveLength(length);
  panel.dispose();
});
