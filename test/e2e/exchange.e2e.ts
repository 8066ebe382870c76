// A model is exported from the view, for PyTorch and as ONNX, and imported again with the command: it suggests what it did.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { log, Session } from './session.ts';

let session: Session;
const begun = 'Jan 10 06:10 INFO acc';

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

/** Exports the first model in the view. @param format the name of the format. @returns the folder's name */
async function exportAs(format: string, suffix: string): Promise<string> {
  const { code, folder } = session;
  const { page } = code;
  const picker = page.locator('.quick-input-widget:visible');
  await page.locator('.part.sidebar .monaco-list-row').first().click({ button: 'right' });
  await code.menu('Export Model');
  await picker.locator('input.input').fill(format);
  await expect.poll(() => picker.locator('.monaco-list-row').count()).toBe(1);
  await picker.locator('input.input').press('Enter');
  await expect.poll(() => picker.locator('input.input').inputValue()).toBe(`${folder}/`);
  await picker.getByText('Export Here').waitFor();
  await picker.locator('input.input').press('Enter');
  await code.notification(new RegExp(`The model is in .*${suffix}`));
  await code.clearNotifications();
  return readdirSync(folder).find((each) => each.startsWith('server.log-') && each.endsWith(suffix))!;
}

/** Begins to import, and chooses what the list offers under a label. */
async function beginImport(label: string): Promise<void> {
  const { code, folder } = session;
  const picker = code.page.locator('.quick-input-widget:visible');
  await code.command('Unroll: Import Model …');
  await picker.locator('.monaco-list-row').filter({ hasText: label }).click();
  await expect.poll(() => picker.locator('input.input').inputValue()).toBe(`${folder}/`);
}

async function suggestionInOtherLog(): Promise<string> {
  const { code } = session;
  await code.open('other.log');
  await code.goToEnd();
  await code.page.keyboard.press('Backspace');
  await code.type('c');
  return code.suggestion(/^epted password/);
}

let suggestion: string;
let pytorch: string;
let onnx: string;

test('a model goes to a folder for PyTorch and to one with an ONNX file', async () => {
  const { code, folder } = session;
  await code.command('Unroll: Train on Current File');
  await session.status('ended');
  suggestion = await suggestionInOtherLog();
  await code.page.getByRole('tab', { name: 'Unroll', exact: true }).click();
  pytorch = await exportAs('PyTorch', '-pytorch');
  expect(readFileSync(join(folder, pytorch, 'model.py'), 'utf8')).toContain('class GRU(Layer):');
  onnx = await exportAs('ONNX', '-onnx');
});

test('the folder for PyTorch comes back', async () => {
  const { code, folder } = session;
  const { page } = code;
  const picker = page.locator('.quick-input-widget:visible');
  await deleteAll();
  await beginImport('Folder of an Exported Model');
  // The separator opens the folder in the list, which then has nothing but the way back.
  await picker.locator('input.input').fill(`${join(folder, pytorch)}/`);
  await expect.poll(() => picker.locator('.monaco-list-row').allInnerTexts()).toEqual(['..']);
  await picker.getByRole('button', { name: 'Import' }).click();
  await picker.waitFor({ state: 'hidden' });
  await code.notification(
    /Imported server\.log-.*-pytorch: GRU 32, \d\.\d+ bits per character on held-out text/,
  );
  const row = page.locator('.part.sidebar .monaco-list-row').first();
  await expect.poll(() => row.innerText()).toMatch(/imported from server\.log-.*-pytorch/);
  await session.screenshot('imported');
  expect(await suggestionInOtherLog()).toBe(suggestion);
});

test('the ONNX file comes back, with the text in front', async () => {
  const { code, folder } = session;
  const picker = code.page.locator('.quick-input-widget:visible');
  await deleteAll();
  await code.open('server.log');
  await beginImport('ONNX File');
  await picker.locator('input.input').fill(join(folder, onnx, 'model.onnx'));
  await picker.getByText('model.onnx').first().waitFor();
  await picker.getByRole('button', { name: 'Choose' }).click();
  await picker.locator('.monaco-list-row').filter({ hasText: 'server.log' }).click();
  await code.notification(/Imported model\.onnx: GRU 32, \d\.\d+ bits per character on held-out text/);
  expect(await suggestionInOtherLog()).toBe(suggestion);
});
