// Sends messages to the built panel that come rarely or at a bad moment, and looks for errors of the page.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { HostToPanel } from '../../../src/protocol/panel.ts';
import type { ProbePoint, RunSnapshot } from '../../../src/protocol/run.ts';
import { classifierRun, longRun, PanelPage } from '../../host/panelPage.ts';

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

test('the charts can be pointed at before the states of a new run are named', async () => {
  const run = longRun(400);
  await panel.send(snapshot(run));
  await panel.send(snapshot({ ...run, points: { ...run.points, probes: [] } }, true));
  const probe: ProbePoint = {
    step: 400,
    seconds: 1,
    gradientByLag: { 'layers.0.s': [1, 0.5] },
    saturation: {},
    spectralRadius: {},
  };
  const update: HostToPanel = {
    type: 'update',
    live: true,
    status: run.status,
    progress: run.progress,
    points: { steps: [], validations: [], probes: [probe], samples: [], notes: [] },
  };
  // Both happen before the panel draws what is new.
  await panel.page.evaluate((data) => {
    const { document, MessageEvent, KeyboardEvent, dispatchEvent } = globalThis as unknown as {
      readonly document: { querySelector(selector: string): EventTarget };
      readonly MessageEvent: new (type: string, of: object) => Event;
      readonly KeyboardEvent: new (type: string, of: object) => Event;
      dispatchEvent(event: Event): void;
    };
    dispatchEvent(new MessageEvent('message', { data }));
    const key = new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true });
    document.querySelector('#loss canvas').dispatchEvent(key);
  }, update as object);
  await expect.poll(() => panel.page.locator('#strip select').inputValue()).toBe('layers.0.s');
  expect(errors).toEqual([]);
});

test('a row of one token has no steps to unroll, and the panel shows all else', async () => {
  const run = classifierRun(400);
  const last = run.points.probes.at(-1)!;
  const { passage } = last;
  const one: ProbePoint = {
    ...last,
    gradientByLag: { 'layers.0.h': [0.5] },
    passage: {
      ...passage!,
      tokens: ['yes'],
      read: 1,
      written: [],
      surprise: [],
      vectors: { 'layers.0.h': { width: 2, units: [1, 0], values: [[0.5], [-0.25]] } },
      activation: { 'layers.0.h': [0.375] },
      path: { state: 'layers.0.h', points: [[0, 0]], explained: [0, 0] },
      freeRunning: null,
    },
  };
  await panel.send(snapshot({ ...run, points: { ...run.points, probes: [one] } }));
  expect(errors).toEqual([]);
  for (const figure of ['unrolled', 'path'])
    expect(await panel.page.locator(`#${figure}`).isVisible(), figure).toBe(false);
  expect(await panel.page.locator('#units .says').innerText()).toBe(
    '2 of 2 units are shown, the slowest first.',
  );
  expect(await steps()).toBe('Shows the steps from 0 to 400.');
  // It is drawn again in another theme, or where the panel becomes wider.
  await panel.page.setViewportSize({ width: 1200, height: 1000 });
  await panel.send(snapshot(run));
  expect(await panel.page.locator('#unrolled circle').count()).toBeGreaterThan(1);
  expect(errors).toEqual([]);
});
