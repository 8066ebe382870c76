// A model is exported for web pages and as ONNX, from the view, into the folder that VS Code's own dialog asks for.
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

/** Exports the model that was trained. @returns the names of the files in the exported folder */
async function exportAs(format: string, ending: string): Promise<{ folder: string; names: string[] }> {
  const { code, folder } = session;
  const { page } = code;
  await page.locator('.part.sidebar .monaco-list-row').first().click({ button: 'right' });
  await code.menu('Export Model');

  const picker = page.locator('.quick-input-widget:visible');
  await picker.getByText('For web pages, with one that writes text').waitFor();
  await session.screenshot(`export-format${ending}`);
  await picker.locator('input.input').fill(format);
  await expect.poll(() => picker.locator('.monaco-list-row').count()).toBe(1);
  await picker.locator('input.input').press('Enter');
  await expect.poll(() => picker.locator('input.input').inputValue()).toBe(`${folder}/`);
  await picker.getByText('Export Here').waitFor();
  await session.screenshot(`export-folder${ending}`);
  await picker.locator('input.input').press('Enter');

  await code.notification(new RegExp(`The model is in .*${ending}`));
  const [exported, ...others] = readdirSync(folder).filter(
    (name) => name.startsWith('server.log-') && name.endsWith(ending),
  );
  expect(others).toEqual([]);
  return { folder: join(folder, exported), names: readdirSync(join(folder, exported)).toSorted() };
}

test('a trained model becomes a folder with a page that writes', async () => {
  await session.code.command('Unroll: Train on Current File');
  await session.status('ended');
  await session.code.page.getByRole('tab', { name: 'Unroll', exact: true }).click();
  const { folder: web, names } = await exportAs('TensorFlow', '-web');
  expect(names).toEqual([
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

test('and a folder with an ONNX file', async () => {
  const { names } = await exportAs('ONNX', '-onnx');
  expect(names).toEqual(['model.onnx', 'vocabulary.json']);
});
