// A file name that is a command link stays text where VS Code makes links of names; then all models are
// deleted.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { shown } from '../../src/protocol/shownText.ts';
import { log, Session } from './session.ts';

const name = '[hit](command:workbench.action.newGroupLeft) $(zap).log';

let session: Session;

beforeAll(async () => {
  session = await Session.start({ [name]: log(400) }, null);
  const { quickInput, page } = session.code;
  await quickInput.files();
  await quickInput.choose('hit');
  await page.locator('.tab.active', { hasText: '.log' }).waitFor();
  await page.locator('.monaco-editor.focused').waitFor();
});
afterAll(() => session[Symbol.asyncDispose]());

const groups = () => session.code.page.locator('.editor-group-container').count();

test('is no link in a notification, and can be read', async () => {
  const { code } = session;
  await code.command('Unroll: Train on Current File');
  await session.status('ended');
  const before = await groups();
  const notification = await code.notification('Trained on');
  await expect.poll(() => notification.innerText()).toContain(`Trained on ${shown(name)}: `);
  expect(await notification.locator('.notification-list-item-message a').count()).toBe(0);
  await session.screenshot('name-in-notification');
  await notification.getByText('[hit]').click();
  expect(await groups()).toBe(before);
  await code.clearNotifications();
});

test('is no link in a hover of the status bar', async () => {
  const { code } = session;
  await code.statusBar.getByText(/Unroll \d\.\d\d bpc/).hover();
  const hover = code.page.locator('.monaco-hover', { hasText: 'Suggestions:' }).last();
  await hover.waitFor();
  await expect.poll(() => hover.innerText()).toContain(name);
  await expect.poll(() => hover.locator('a').allInnerTexts()).toEqual(['Pause suggestions']);
  await session.screenshot('name-in-hover');
});

test('is a name in the panel and in the view of models', async () => {
  const { page } = session.code;
  await expect.poll(() => session.panel.locator('h1').innerText()).toBe(shown(name));
  await page.getByRole('tab', { name: 'Unroll', exact: true }).click();
  const row = page.locator('.part.sidebar .monaco-list-row').first();
  await expect.poll(() => row.innerText()).toContain(shown(name));
  expect(await row.locator('.codicon-zap').count()).toBe(0);
  await session.screenshot('name-in-view');
});

test('all models and texts are deleted, after it has been asked', async () => {
  const { code } = session;
  const rows = code.page.locator('.part.sidebar .monaco-list-row');
  await code.command('Unroll: Delete All Models and Texts …');
  const dialog = code.page.locator('.monaco-dialog-box');
  await dialog.getByText(/Delete all models and texts\? There are 1, of \d/).waitFor();
  await session.screenshot('delete-all');
  await dialog.getByRole('button', { name: 'Delete Everything' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await expect.poll(() => rows.count()).toBe(0);
  await expect.poll(() => session.panel.locator('h1').innerText()).toBe('Nothing trained yet');
});
