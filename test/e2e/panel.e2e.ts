// The training panel does everything that can be asked of a run, in every theme, by mouse and keyboard.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
  await expect.poll(() => session.panel.locator('#summary').innerText()).toMatch(/^Paused at step/);
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
  await panel.locator('#table > summary').click();
  await expect.poll(() => panel.locator('#table tbody tr').count()).toBeGreaterThan(3);
  await panel.locator('#loss canvas').focus();
  for (const key of ['+', '+', 'ArrowLeft', 'ArrowLeft']) await session.code.page.keyboard.press(key);
  await session.screenshot('panel-cursor');
  await session.code.page.keyboard.press('0');
});

test('the mouse zooms in, and one button shows everything again', async () => {
  const { panel, code } = session;
  const canvas = panel.locator('#loss canvas');
  const shown = async () =>
    (await canvas.getAttribute('aria-description'))!
      .match(/from ([\d,]+) to ([\d,]+)/)!
      .slice(1)
      .map((number) => Number(number.replaceAll(',', '')));
  const all = await shown();
  await canvas.hover();
  await code.page.keyboard.down('Control');
  await code.page.mouse.wheel(0, -300);
  await code.page.keyboard.up('Control');
  await expect.poll(async () => (await shown())[1] - (await shown())[0]).toBeLessThan(all[1] - all[0]);
  await expect
    .poll(() => panel.locator('#gradient canvas').getAttribute('aria-description'))
    .toBe(await canvas.getAttribute('aria-description'));
  await session.screenshot('panel-zoomed');
  await panel.locator('#loss').getByRole('button', { name: 'Show all' }).click();
  await expect.poll(shown).toEqual(all);
});

describe('a chart is saved where the user says', () => {
  const save = async (figure: string, kind: 'PNG' | 'CSV') => {
    const { panel, code, folder } = session;
    await panel.locator(`#${figure}`).getByRole('button', { name: kind, exact: true }).click();
    const { input } = code.quickInput;
    const path = join(folder, `${figure}.${kind.toLowerCase()}`);
    await expect.poll(() => input.inputValue()).toBe(path);
    await input.press('Enter');
    await expect.poll(() => existsSync(path) && readFileSync(path).length > 0).toBe(true);
    return readFileSync(path);
  };

  test('as numbers', async () => {
    const lines = (await save('loss', 'CSV')).toString().trimEnd().split('\r\n');
    expect(lines[0]).toBe('step,seconds,training loss (bpc),validation loss (bpc)');
    expect(lines.length).toBeGreaterThanOrEqual(await steps());
  });

  test('as a picture as large as it is drawn', async () => {
    const png = await save('gradient', 'PNG');
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    const drawn = await session.panel.locator('#gradient canvas').evaluate((canvas) => {
      const { width, height } = canvas as unknown as { width: number; height: number };
      return [width, height];
    });
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual(drawn);
  });
});

test('writes at the temperature that is asked for, also when the training has ended', async () => {
  const { panel } = session;
  await panel.getByLabel('Temperature').fill('0');
  await panel.getByLabel('Temperature').press('Enter');
  const written = panel.locator('#samples h3').getByText(/temperature 0$/);
  expect(await written.count()).toBe(0);
  await panel.getByRole('button', { name: 'Write now' }).click();
  await written.first().waitFor();
});

test.each(Object.keys(themes) as Theme[])('in %s nothing keeps anybody from reading it', async (theme) => {
  expect(await session.violations(theme)).toEqual([]);
  await session.screenshot(`panel-${theme}`);
});

test('with text twice as large it is as usable', async () => {
  const { panel } = session;
  await panel.locator('body').evaluate((body) => body.style.setProperty('font-size', '200%', 'important'));
  // Charts are drawn anew in the frame after.
  const wider = () =>
    panel.locator('body').evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
  await expect.poll(wider).toBeLessThanOrEqual(0);
  await session.screenshot('panel-200');
});

test('a run that is cut short by a reload says so, has its history, and goes on from its checkpoint', async () => {
  const { panel, code } = session;
  await code.command('Unroll: Train on Current File');
  // Until then the panel shows the run before.
  await session.status('running');
  // A sample is written with each checkpoint.
  await panel.locator('#samples h3').first().waitFor();
  await expect.poll(steps).toBeGreaterThan(200);
  await code.reload();
  await session.status('failed');
  await expect
    .poll(() => panel.locator('#summary').innerText())
    .toMatch(/^This run was cut short.* can be continued/);
  const known = await steps();
  expect(known).toBeGreaterThan(0);
  await expect.poll(() => panel.getByLabel('Temperature').inputValue()).toBe('0');
  await session.screenshot('panel-cut-short');
  await button('Continue for longer').click();
  await session.status('running');
  await expect.poll(steps).toBeGreaterThan(known);
  await panel.locator('#notes', { hasText: 'Continued.' }).waitFor();
  await button('Stop').click();
  await session.status('ended');
});

test('the window talked to nobody but its own server', () => {
  expect(session.foreign.filter((url) => !/open-vsx\.org/.test(url))).toEqual([]);
});
