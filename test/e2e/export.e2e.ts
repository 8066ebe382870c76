// A model is exported for web pages, from the view, into the folder that VS Code's own dialog asks for.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ExportedPage } from './exportedPage.ts';
import { log, Session } from './session.ts';

let session: Session;

beforeAll(async () => {
  session = await Session.start({ 'server.log': log(400) }, 'server.log');
});
afterAll(() => session[Symbol.asyncDispose]());

test('a trained model becomes a folder with a page that writes', async () => {
  const { code, folder } = session;
  const { page } = code;
  await code.command('Unroll: Train on Current File');
  await session.status('ended');
  await page.getByRole('tab', { name: 'Unroll', exact: true }).click();
  await page.locator('.part.sidebar .monaco-list-row').first().click({ button: 'right' });
  await code.menu('Export Model');

  const picker = page.locator('.quick-input-widget:visible');
  await picker.getByText('For web pages, with one that writes text').waitFor();
  await session.screenshot('export-format');
  await picker.locator('input.input').fill('TensorFlow');
  await expect.poll(() => picker.locator('.monaco-list-row').count()).toBe(1);
  await picker.locator('input.input').press('Enter');
  await expect.poll(() => picker.locator('input.input').inputValue()).toBe(`${folder}/`);
  await picker.getByText('Export Here').waitFor();
  await session.screenshot('export-folder');
  await picker.locator('input.input').press('Enter');

  await code.notification(/The model is in .*-web/);
  const exported = readdirSync(folder).filter((name) => /^server\.log-.*-web$/.test(name));
  expect(exported).toHaveLength(1);
  const web = join(folder, exported[0]);
  expect(readdirSync(web).toSorted()).toEqual([
    'README.md',
    'generate.js',
    'group1-shard1of1.bin',
    'index.html',
    'model.json',
    'tf.js',
    'vocabulary.json',
  ]);

  await using written = await ExportedPage.open(web);
  expect(await written.write('Jan 10 06:10 INFO acc', 60)).toMatch(/^Jan 10 06:10 INFO accepted password/);
  expect(written.failures).toEqual([]);
});
