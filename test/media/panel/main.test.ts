// Sends messages to the built panel that come rarely or at a bad moment, and looks for errors of the page.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { HostToPanel } from '../../../src/protocol/panel.ts';
import type { RunSnapshot } from '../../../src/protocol/run.ts';
import { longRun, PanelPage } from '../../host/panelPage.ts';

let panel: PanelPage;
const errors: string[] = [];
beforeAll(async () => {
  panel = await PanelPage.open();
  panel.page.on('pageerror', ({ message }) => errors.push(message));
});
afterAll(() => panel[Symbol.asyncDispose]());
beforeEach(() => {
  errors.length = 0;
});

const snapshot = (run: RunSnapshot | null, live = false): HostToPanel => ({
  type: 'snapshot',
  id: run && 'shown',
  live,
  run,
  temperature: 0.8,
});
const steps = () => panel.page.locator('#loss canvas').getAttribute('aria-description');

test('a run that comes after nothing was shown has its charts', async () => {
  await panel.send(snapshot(longRun(400)));
  expect(await steps()).toBe('Shows the steps from 0 to 400.');
  // All models have been deleted.
  await panel.send(snapshot(null));
  expect(await panel.page.locator('#charts').isVisible()).toBe(false);
  await panel.send(snapshot(longRun(300)));
  expect(await steps()).toBe('Shows the steps from 0 to 300.');
  expect(errors).toEqual([]);
});
