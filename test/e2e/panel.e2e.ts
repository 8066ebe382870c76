// The training panel, used: everything that can be asked of a run, in every theme, by mouse and keyboard.
import axe from 'axe-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Theme, themes } from '../host/workbench.ts';
import { log, Session } from './session.ts';

let session: Session;

beforeAll(async () => {
  session = await Session.start({ 'server.log': log(400) }, 'server.log', {
    'unroll.train.epochs': null,
    'unroll.train.seconds': 3600,
    'unroll.train.patience': null,
  });
});
afterAll(() => session[Symbol.asyncDispose]());

const button = (name: string) => session.panel.getByRole('button', { name, exact: true });
const steps = async () => Number((await session.figure('steps')).replaceAll(',', ''));

test('pauses where it is, and goes on from there', async () => {
  await session.code.command('Unroll: Train on Current File');
  await expect.poll(steps).toBeGreaterThan(50);
  await button('Pause').click();
  await session.status('paused');
  const paused = await steps();
  await session.code.statusBar.getByText('Unroll paused').waitFor();
  expect(await session.panel.locator('#summary').innerText()).toMatch(/^Paused at step/);
  await button('Resume').click();
  await session.status('running');
  await expect.poll(steps).toBeGreaterThan(paused);
});

test('takes another learning rate and threshold while it runs, and marks the change', async () => {
  const { panel } = session;
  await panel.getByLabel('Learning rate').fill('0.002');
  await panel.getByLabel('Clipping threshold').fill('0.5');
  await panel.getByLabel('Clipping threshold').press('Enter');
  await panel.locator('#notes', { hasText: 'Learning rate 0.01 → 0.002.' }).waitFor();
  await panel.locator('#notes', { hasText: 'Clipping threshold 5 → 0.5.' }).waitFor();
});

test('rewinds to step 0 and learns again', async () => {
  await expect.poll(steps).toBeGreaterThan(200);
  await button('Pause').click();
  await session.status('paused');
  await button('Rewind').click();
  await expect.poll(steps).toBe(0);
  await button('Resume').click();
  await expect.poll(steps).toBeGreaterThan(50);
});

test('stopped, it can still be continued', async () => {
  await button('Stop').click();
  await session.status('ended');
  const stopped = await steps();
  await button('Continue for longer').click();
  await expect.poll(steps).toBeGreaterThan(stopped);
  await button('Stop').click();
  await session.status('ended');
});

test('the numbers stand in a table, and a chart answers to the keyboard', async () => {
  const { panel } = session;
  await panel.getByText('Table', { exact: true }).click();
  expect(await panel.locator('#table tbody tr').count()).toBeGreaterThan(3);
  await panel.locator('#loss canvas').focus();
  for (const key of ['+', '+', 'ArrowLeft', 'ArrowLeft']) await session.code.page.keyboard.press(key);
  await session.screenshot('panel-cursor');
  await session.code.page.keyboard.press('0');
});

test.each(Object.keys(themes) as Theme[])('in %s nothing keeps anybody from reading it', async (theme) => {
  await session.code.setTheme(theme);
  await session.screenshot(`panel-${theme}`);
  const body = await session.panel.locator('body').elementHandle();
  const frame = (await body!.ownerFrame())!;
  await session.panel.locator(`body.${themes[theme].webviewClassName}`).waitFor();
  await frame.evaluate(axe.source);
  const { violations } = (await frame.evaluate('axe.run()')) as axe.AxeResults;
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
});

test('with text twice as large it is as usable', async () => {
  const { panel } = session;
  await panel.locator('body').evaluate((body) => body.style.setProperty('font-size', '200%', 'important'));
  const wider = await panel
    .locator('body')
    .evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
  expect(wider).toBeLessThanOrEqual(0);
  await session.screenshot('panel-200');
});

test('the window talked to nobody but its own server', () => {
  expect(session.foreign.filter((url) => !/open-vsx\.org/.test(url))).toEqual([]);
});
