// The view of the activity bar is empty at first, and then lists every run that was trained.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { log, Session } from './session.ts';

let session: Session;

beforeAll(async () => {
  session = await Session.start({ 'server.log': log(400), 'other.log': log(300) }, 'server.log');
});
afterAll(() => session[Symbol.asyncDispose]());

const view = () => session.code.page.locator('.part.sidebar');
const rows = () => view().locator('.monaco-list-row');
/** Finds a row by its index from the top, which is not the order of the rows in the document. */
const row = (index: number) => view().locator(`.monaco-list-row[data-index="${index}"]`);
const texts = () =>
  rows().evaluateAll((all) =>
    all
      .toSorted((a, b) => Number(a.getAttribute('data-index')) - Number(b.getAttribute('data-index')))
      .map(({ textContent }) => textContent),
  );
const press = (key: string) => session.code.page.keyboard.press(key);
const title = () => session.panel.locator('h1').innerText();
const steps = async () => Number((await session.figure('steps')).replaceAll(',', ''));

/** Chooses an entry of the context menu of the first model. */
async function choose(name: string): Promise<void> {
  await row(0).click({ button: 'right' });
  await session.code.menu(name);
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
  await expect.poll(title).toBe('other.log');
  await session.status('ended');
  await expect
    .poll(texts)
    .toEqual([
      expect.stringMatching(/^other\.log\s*\d\.\d\d bpc · (completes this file · )?GRU 32 · \d/),
      expect.stringMatching(/^server\.log\s*\d\.\d\d bpc · (completes this file · )?GRU 32 · \d/),
    ]);
  await session.screenshot('models');
  await row(1).click();
  await expect.poll(title).toBe('server.log');
});

test('trained again, a text has a run more, and the earlier one stays', async () => {
  await choose('Train Again');
  await expect.poll(() => rows().count()).toBe(3);
  await session.status('ended');
  await expect
    .poll(texts)
    .toEqual([/^other\.log/, /^other\.log/, /^server\.log/].map((each) => expect.stringMatching(each)));
});

test('lays one run under another, with a table of both', async () => {
  await row(2).click();
  await expect.poll(title).toBe('server.log');
  await choose('Compare');
  const table = session.panel.locator('#comparison tbody tr');
  await expect.poll(() => table.count()).toBe(2);
  await expect.poll(() => row(0).innerText()).toMatch(/compared$/);
  await session.screenshot('models-compared');
});

/** Selects a model, and resolves when the window knows that it is selected. */
async function select(index: number, name: string): Promise<void> {
  await row(index).click();
  await expect.poll(title).toBe(name);
}

test('takes another name by F2', async () => {
  await select(0, 'other.log');
  await press('F2');
  await session.code.quickInput.input.fill('The best one');
  await session.code.quickInput.input.press('Enter');
  await expect.poll(() => row(0).innerText()).toMatch(/^The best one/);
});

test('completes the texts that it is used for, until it is not', async () => {
  await choose('Use for Suggestions');
  await session.code.quickInput.choose('log');
  await expect.poll(() => row(0).innerText()).toMatch(/for log/);
  await session.screenshot('models-used');
  await choose('Stop Using for Suggestions');
  await expect.poll(() => row(0).innerText()).not.toMatch(/for log/);
});

test('after a reload names and comparison are there, and a run goes on from its checkpoint', async () => {
  await select(2, 'server.log');
  await session.code.reload();
  await expect.poll(() => row(0).innerText()).toMatch(/^The best one/);
  await expect.poll(title).toBe('server.log');
  await expect.poll(() => session.panel.locator('#comparison tbody tr').count()).toBe(2);
  await select(0, 'other.log');
  const before = await steps();
  await choose('Continue Training');
  await expect.poll(steps).toBeGreaterThan(before);
  await session.status('ended');
  await session.panel
    .locator('#notes', { hasText: `Step ${before.toLocaleString('en')}: Continued.` })
    .waitFor();
  await expect.poll(() => rows().count()).toBe(3);
});

test('deletes by its key, after it has asked', async () => {
  const dialog = session.code.page.locator('.monaco-dialog-box');
  const remove = async (answer: string) => {
    await select(2, 'server.log');
    await select(0, 'other.log');
    await press('Delete');
    await dialog.getByText('Delete the model of The best one?').waitFor();
    await dialog.getByRole('button', { name: answer }).click();
    await dialog.waitFor({ state: 'hidden' });
  };
  await remove('Cancel');
  await expect.poll(() => rows().count()).toBe(3);
  await remove('Delete');
  await expect.poll(() => rows().count()).toBe(2);
});
