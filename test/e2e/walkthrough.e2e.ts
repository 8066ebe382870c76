// The walkthrough is followed step by step, and each step is ticked off when it has been done.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../host/tools.ts';
import { Session } from './session.ts';

const sample = readFileSync(join(root, 'media/walkthrough/greenhouse.log'), 'utf8');
const lines = sample.split('\n').length;

let session: Session;

beforeAll(async () => {
  session = await Session.start({}, null);
  await session.code.command('Unroll: Get Started');
});
afterAll(() => session[Symbol.asyncDispose]());

const steps = () => session.code.page.locator('.gettingStartedDetailsContent .getting-started-step');
const step = (title: string) => steps().filter({ has: session.code.page.getByText(title, { exact: true }) });

async function press(title: string, button: string): Promise<void> {
  await step(title).click();
  await step(title).getByText(button, { exact: true }).click();
}

async function isTicked(title: string): Promise<void> {
  await session.code.command('Unroll: Get Started');
  await step(title).locator('[role=checkbox][aria-checked=true]').waitFor();
}

test('has a picture and a text for every step', async () => {
  await steps().first().waitFor();
  await session.screenshot('walkthrough-dark');
  const titles = ['Open a text', 'Train on it', 'Watch it learn', 'Accept a suggestion', 'Write a cell'];
  for (const title of titles) {
    await step(title).click();
    const picture = session.code.page.locator('.getting-started-media img');
    await expect
      .poll(() => picture.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth))
      .toBeGreaterThan(0);
  }
  expect(await steps().count()).toBe(titles.length);
});

test('goes from the sample to an accepted suggestion', async () => {
  const { code } = session;
  await press('Open a text', 'Open Sample Text');
  await code.tab('Untitled-1').waitFor();
  await isTicked('Open a text');
  // The sample is behind the walkthrough by then, and the command still applies to it.
  await press('Train on it', 'Train on Current File');
  await session.status('ended');
  expect(await session.panel.locator('h1').innerText()).toBe('Untitled-1');
  await isTicked('Train on it');
  await press('Accept a suggestion', 'Go to the Sample’s End');
  await code.page.locator('.monaco-editor.focused[data-uri="untitled:Untitled-1"]').waitFor();
  await code.statusBar.getByText(`Ln ${lines}, Col 1`, { exact: true }).waitFor();
  await code.type('2026-05-04T15:21:10 WARN  c');
  await code.suggestion();
  await code.page.keyboard.press('Tab');
  await isTicked('Accept a suggestion');
  await session.screenshot('walkthrough-done-dark');
  await code.setTheme('light');
  await session.screenshot('walkthrough-done-light');
});

test('and to a cell', async () => {
  await press('Write a cell', 'New Cell');
  const { widget, input } = session.code.quickInput;
  await widget.locator('.quick-input-title').getByText('New Cell').waitFor();
  await input.press('Escape');
  await isTicked('Write a cell');
});

test('the window talked to nobody but its own server', () => {
  expect(session.foreign).toEqual([]);
});
