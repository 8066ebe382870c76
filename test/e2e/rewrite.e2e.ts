// A table of dates is rewritten: trained on, its empty cells suggested and filled in, and dates of another text rewritten.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writtenDates } from '../bench/tasks/dates.ts';
import { Session } from './session.ts';

const dates = writtenDates(1200, 1);
const isEmpty = (row: number) => row % 10 === 9;
const rows = dates.map(({ written, iso }, row) => `${written}\t${isEmpty(row) ? '' : iso}`);
const others = writtenDates(5, 2).map(({ written }) => written);

/** A decoder as a user begins one: the built-in cell by a name of its own. */
const attention = readFileSync(
  new URL('../../src/cells/additive-attention.rnn', import.meta.url),
  'utf8',
).replace('cell AdditiveAttention', 'cell Mine');

let session: Session;

beforeAll(async () => {
  session = await Session.start(
    {
      'dates.tsv': `written\tiso\n${rows.join('\n')}\n`,
      'notes.txt': `${others.join('\n')}\n`,
      'mine.rnn': attention,
    },
    'dates.tsv',
    {
      'files.autoSave': 'off',
      'unroll.train.epochs': 15,
      'unroll.train.patience': null,
      'unroll.model.layers': 'AdditiveAttention 64',
      'unroll.model.encoder': 'both GRU 32',
      'editor.minimap.enabled': false,
    },
  );
});
afterAll(() => session[Symbol.asyncDispose]());

const press = (key: string) => session.code.page.keyboard.press(key);

const iso = /\d{4}-\d\d-\d\d/;

test('it is said what was understood, and the run is judged by exact matches', async () => {
  const { code } = session;
  await code.command('Unroll: Train on Current File');
  const sentence = 'Rewrite `written` as `iso`: 1,200 rows, 120 empty';
  await code.quickInput.row(sentence).waitFor();
  await session.screenshot('rewrite-understood');
  await code.quickInput.choose(sentence);
  await session.status('ended');
  expect(Number(await session.figure('exact match'))).toBeGreaterThan(0.8);
  await expect
    .poll(() => session.panel.locator('#writing pre').innerText())
    .toMatch(/ → \d{4}-\d\d-\d\d {2}[✓✗]/);
  for (const theme of ['light', 'dark'] as const) {
    await code.setTheme(theme);
    await session.screenshot(`rewrite-trained-${theme}`);
  }
  const alignment = session.panel.locator('#alignment');
  await alignment.scrollIntoViewIfNeeded();
  await expect.poll(() => alignment.locator('rect').count()).toBeGreaterThan(50);
  await session.screenshot('rewrite-alignment');
  await code.notification(/Trained on dates.tsv: exact match [01]\.\d\d/);
  await code.clearNotifications();
});

test('an empty cell shows its text when the cursor comes to it, and Tab accepts it', async () => {
  const { code } = session;
  await code.focusLeft();
  const row = 9;
  await code.goTo(row + 2, 1);
  await code.goTo(row + 2, 999);
  const suggested = await code.suggestion(iso);
  await session.screenshot('rewrite-suggestion');
  await press('Tab');
  await code.page.locator('.editor-instance .view-line', { hasText: suggested }).first().waitFor();
});

test('the hover says what would be written, and draws where the network looks', async () => {
  const { page } = session.code;
  const line = page.locator('.editor-instance .view-line', { hasText: dates[9].written });
  await line.locator('span span').first().hover();
  const picture = page.locator('.monaco-hover img').first();
  await picture.waitFor();
  expect(
    await picture.evaluate((image) => (image as unknown as { readonly naturalWidth: number }).naturalWidth),
  ).toBeGreaterThan(100);
  await session.screenshot('rewrite-hover');
  await press('Escape');
});

test('all others are filled in at once, after a preview', async () => {
  const { code } = session;
  await code.command('Unroll: Fill Column');
  await code.quickInput.row('All rows').waitFor();
  await code.page.locator('.monaco-diff-editor .line-insert').first().waitFor();
  await session.screenshot('rewrite-preview');
  await code.quickInput.choose('All rows');
  // The text comes to the front, and would get what is typed into the palette at that moment.
  const empty = code.page.locator('.editor-group-container .view-line').filter({ hasText: /,$/ });
  await expect.poll(() => empty.count()).toBe(0);
  await code.notification(/Filled in: 119 of 119 empty rows of `iso`/);
  await code.clearNotifications();
});

test('dates of another text are rewritten where they stand, one by one as they are taken', async () => {
  const { code } = session;
  await code.open('notes.txt');
  await press('ControlOrMeta+A');
  await code.command('Unroll: Rewrite Selection');
  const preview = code.page.locator('.bulk-edit-panel');
  await preview.locator('.monaco-list-row').first().waitFor();
  await session.screenshot('rewrite-selection');
  // The file's own box takes all of its edits.
  await preview.locator('.edit-checkbox').first().click();
  await preview.getByText('Apply', { exact: true }).click();
  const editor = code.page.locator('.monaco-editor[data-uri$="/notes.txt"] .view-line');
  await expect
    .poll(async () => (await editor.allInnerTexts()).filter((line) => iso.test(line)).length)
    .toBe(others.length);
  await session.screenshot('rewrite-selection-taken');
});

test('a changed attention equation trains, and the panel shows where it looks', async () => {
  const { code, panel } = session;
  // The lens names the text that was active last.
  await code.open('dates.tsv');
  await code.open('mine.rnn');
  const score = 'e[t,s] = v · tanh(W_a h[t-1] + U_a m[s])';
  const lines = attention.split('\n');
  const line = lines.findIndex((each) => each.includes(score));
  await code.goTo(line + 1, lines[line].indexOf(score) + score.length + 1);
  await code.page.keyboard.type(' + h[t-1] · (B_a m[s])');
  await code.page.locator('.tab.dirty', { hasText: 'mine.rnn' }).waitFor();
  await session.screenshot('rewrite-equation');
  const lens = code.page.locator('.codelens-decoration a', { hasText: 'Train on dates.tsv with This Cell' });
  await lens.click();
  const reading = code.quickInput.rows.filter({ hasText: 'Rewrite `written` as `iso`' }).first();
  await code.quickInput.choose(await reading.locator('.label-name').innerText());
  await panel.locator('h1', { hasText: 'dates.tsv with Mine' }).waitFor();
  await session.status('ended');
  expect(Number(await session.figure('exact match'))).toBeGreaterThan(0.5);
  const alignment = panel.locator('#alignment');
  await alignment.scrollIntoViewIfNeeded();
  await expect.poll(() => alignment.locator('rect').count()).toBeGreaterThan(50);
  await session.screenshot('rewrite-equation-alignment');
});
