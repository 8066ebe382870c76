// A model is exported for PyTorch, from the view, and imported again with the command: it suggests what it did.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { log, Session } from './session.ts';

let session: Session;
const begun = 'Jan 10 06:10 INFO ac';

beforeAll(async () => {
  session = await Session.start({ 'server.log': log(400), 'other.log': begun }, 'server.log');
});
afterAll(() => session[Symbol.asyncDispose]());

/** Deletes every model in the view. */
async function deleteAll(): Promise<void> {
  await session.code.command('Unroll: Delete All Models and Texts …');
  const dialog = session.code.page.locator('.monaco-dialog-box');
  await dialog.getByRole('button', { name: 'Delete Everything' }).click();
  await session.code.notification(/All models and texts are deleted/);
}

test('a model goes to a folder for PyTorch and comes back', async () => {
  const { code, folder } = session;
  const { page } = code;
  const picker = page.locator('.quick-input-widget:visible');
  await code.command('Unroll: Train on Current File');
  await session.status('ended');
  await code.open('other.log');
  await code.goToEnd();
  await code.type('c');
  const suggestion = await code.suggestion(/^epted password/);

  await page.getByRole('tab', { name: 'Unroll', exact: true }).click();
  await page.locator('.part.sidebar .monaco-list-row').first().click({ button: 'right' });
  await code.menu('Export Model');
  await picker.locator('input.input').fill('PyTorch');
  await expect.poll(() => picker.locator('.monaco-list-row').count()).toBe(1);
  await picker.locator('input.input').press('Enter');
  await expect.poll(() => picker.locator('input.input').inputValue()).toBe(`${folder}/`);
  await picker.getByText('Export Here').waitFor();
  await picker.locator('input.input').press('Enter');
  await code.notification(/The model is in .*-pytorch/);
  const [name] = readdirSync(folder).filter((each) => /^server\.log-.*-pytorch$/.test(each));
  expect(readFileSync(join(folder, name, 'model.py'), 'utf8')).toContain('class GRU(Layer):');

  await deleteAll();
  await code.command('Unroll: Import Model …');
  await expect.poll(() => picker.locator('input.input').inputValue()).toBe(`${folder}/`);
  // The separator opens the folder in the list, which then has nothing but the way back.
  await picker.locator('input.input').fill(`${join(folder, name)}/`);
  await expect.poll(() => picker.locator('.monaco-list-row').allInnerTexts()).toEqual(['..']);
  await picker.getByRole('button', { name: 'Import' }).click();
  await picker.waitFor({ state: 'hidden' });
  await code.notification(
    /Imported server\.log-.*-pytorch: GRU 32, \d\.\d+ bits per character on held-out text/,
  );
  const row = page.locator('.part.sidebar .monaco-list-row').first();
  await expect.poll(() => row.innerText()).toMatch(/imported from server\.log-.*-pytorch/);
  await session.screenshot('imported');

  await code.open('other.log');
  await code.goToEnd();
  await code.page.keyboard.press('Backspace');
  await code.type('c');
  expect(await code.suggestion(/^epted password/)).toBe(suggestion);
});
