// The view of the activity bar: empty at first, then with what was trained.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { log, Session } from './session.ts';

let session: Session;

beforeAll(async () => {
  session = await Session.start({ 'server.log': log(400), 'other.log': log(300) }, 'server.log');
});
afterAll(() => session[Symbol.asyncDispose]());

const view = () => session.code.page.locator('.part.sidebar');
const rows = () => view().locator('.monaco-list-row');

/** From the context menu of the first model. A menu takes no click at once after it has opened. */
async function choose(name: string): Promise<void> {
  const { page } = session.code;
  await rows().first().click({ button: 'right' });
  await page.getByRole('menuitem', { name }).hover();
  await page.keyboard.press('Enter');
}

test('is empty at first, and says how to begin', async () => {
  await session.code.page.getByRole('tab', { name: 'Unroll' }).click();
  await view().getByText('Nothing has been trained in this workspace yet.', { exact: false }).waitFor();
  await session.screenshot('models-empty');
  await view().locator('.welcome-view-content').getByText('Train on Current File').click();
  await session.status('ended');
});

test('has what was trained, newest first, and shows the run of each', async () => {
  await session.code.open('other.log');
  await session.code.command('Unroll: Train on Current File');
  await expect.poll(() => session.panel.locator('h1').innerText()).toBe('other.log');
  await session.status('ended');
  await expect
    .poll(() => rows().allInnerTexts())
    .toEqual([
      expect.stringMatching(/^other\.log\s*GRU 32 · \d\.\d\d bpc/),
      expect.stringMatching(/^server\.log\s*GRU 32 · \d\.\d\d bpc/),
    ]);
  await session.screenshot('models');
  await rows().nth(1).click();
  await expect.poll(() => session.panel.locator('h1').innerText()).toBe('server.log');
});

test('lays one run under another', async () => {
  await choose('Lay Under the Run That Is Shown');
  await session.panel.locator('#earlier', { hasText: 'other.log' }).waitFor();
  await session.screenshot('models-compared');
});

test('deletes after it has asked', async () => {
  const dialog = session.code.page.locator('.monaco-dialog-box');
  const remove = async (answer: string) => {
    await choose('Delete Model');
    await dialog.getByText('Delete the model of other.log?').waitFor();
    await dialog.getByRole('button', { name: answer }).click();
    await dialog.waitFor({ state: 'hidden' });
  };
  await remove('Cancel');
  expect(await rows().count()).toBe(2);
  await remove('Delete');
  await expect.poll(() => rows().count()).toBe(1);
});
