// The walkthrough, step by step as it says: each is ticked off when it has been done.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Session } from './session.ts';

let session: Session;

beforeAll(async () => {
  session = await Session.start({}, null);
  await session.code.command('Unroll: Get Started');
});
afterAll(() => session[Symbol.asyncDispose]());

const steps = () => session.code.page.locator('.gettingStartedDetailsContent .getting-started-step');
const step = (title: string) => steps().filter({ has: session.code.page.getByText(title, { exact: true }) });
const back = () => session.code.page.locator('.tab', { hasText: /^(Welcome|Walkthrough)/ }).click();

async function press(title: string, button: string): Promise<void> {
  await step(title).click();
  await step(title).getByText(button, { exact: true }).click();
}

async function isTicked(title: string): Promise<void> {
  await back();
  await step(title).locator('.codicon-getting-started-step-checked, .complete').first().waitFor();
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
  // The sample is behind the walkthrough then; it is meant all the same.
  await press('Train on it', 'Train on Current File');
  await session.status('ended');
  expect(await session.panel.locator('h1').innerText()).toBe('Untitled-1');
  await isTicked('Train on it');
  await press('Accept a suggestion', 'Go to the Sample’s End');
  await code.type('2026-05-04T15:21:10 WARN  c');
  await code.ghostText();
  await code.page.keyboard.press('Tab');
  await isTicked('Accept a suggestion');
  await session.screenshot('walkthrough-done-dark');
  await code.setTheme('light');
  await session.screenshot('walkthrough-done-light');
});

test('and to a cell', async () => {
  await press('Write a cell', 'New Cell');
  await session.code.page.locator('.quick-input-widget:visible').getByText('GRU').first().waitFor();
  await session.code.page.keyboard.press('Escape');
  await isTicked('Write a cell');
});

test('the window talked to nobody but its own server', () => {
  expect(session.foreign).toEqual([]);
});
