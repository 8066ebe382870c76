// A table of log lines is labelled: trained on, its empty cells suggested one by one, filled in all at once,
// and undone.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tagged } from '../data/columns/tagged.ts';
import { log, Session } from './session.ts';

const classOf = (line: string) =>
  line.includes('session') ? 'session' : line.includes('closed') ? 'network' : 'login';

/** The log as a table, in which every third row has no label yet. */
const lines = log(300)
  .trimEnd()
  .split('\n')
  .map((line, row) => `${line.slice('Jan 10 06:00 '.length)} #${row}`);
const rows = lines.map((line, row) => `${line},${row % 3 === 2 ? '' : classOf(line)}`);
const table = `line,kind\n${rows.join('\n')}\n`;

/** A column file whose last sentence has no tags yet. */
const sentences = tagged(200, 1).trimEnd().split('\n\n');
const untagged = sentences.at(-1)!.replaceAll(/\t\w+/g, '\t');
const tokens = `${[...sentences.slice(0, -1), untagged].join('\n\n')}\n`;
/** The same words as prose. */
const prose = `${sentences.map((sentence) => sentence.replaceAll(/\t\w+\n?/g, ' ').trim()).join('.\n')}.\n`;

let session: Session;

beforeAll(async () => {
  session = await Session.start(
    { 'lines.csv': table, 'server.log': log(60), 'sentences.conll': tokens, 'prose.conll': prose },
    'lines.csv',
    {
      'files.autoSave': 'off',
      'unroll.train.epochs': 12,
      'unroll.model.layers': 'GRU 24',
      'editor.minimap.enabled': false,
      'editor.fontSize': 9,
    },
  );
});
afterAll(() => session[Symbol.asyncDispose]());

const press = (key: string) => session.code.page.keyboard.press(key);

async function pictures(of: string): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await session.code.setTheme(theme);
    await session.screenshot(`table-${of}-${theme}`);
  }
}

test('it is said what was understood, and the run is judged by its accuracy over the commonest class', async () => {
  const { code } = session;
  await code.command('Unroll: Train on Current File');
  const sentence = 'Classify `line` as `kind`: 300 rows, 3 classes, 100 empty';
  await code.quickInput.row(sentence).waitFor();
  await session.screenshot('table-understood');
  await code.quickInput.choose(sentence);
  await session.status('ended');
  expect(Number(await session.figure('accuracy'))).toBeGreaterThan(0.9);
  await code.focusLeft();
  await pictures('trained');
  await code.notification(/Trained on lines.csv: accuracy [01]\.\d\d/);
  await code.clearNotifications();
});

test('the confusion matrix leads to its rows', async () => {
  const { code } = session;
  const matrix = session.panel.locator('#confusion .matrix');
  await matrix.scrollIntoViewIfNeeded();
  await pictures('confusion');
  await matrix.locator('.right button').first().click();
  const peek = code.page.locator('.peekview-widget');
  await peek.waitFor();
  await session.screenshot('table-rows-of-a-cell');
  await press('Escape');
  await peek.waitFor({ state: 'hidden' });
});

/** Puts the cursor at the end of a row without a label, until that is suggested. */
async function comeTo(row: number): Promise<string> {
  await session.code.focusLeft();
  await session.code.goTo(row + 2, 1);
  await session.code.goTo(row + 2, 999);
  return session.code.suggestion(new RegExp(`^${classOf(lines[row])}$`));
}

test('an empty cell shows its label when the cursor comes to it, and Tab accepts it', async () => {
  const { code } = session;
  for (const theme of ['light', 'dark'] as const) {
    await code.setTheme(theme);
    await comeTo(2);
    await session.screenshot(`table-suggestion-${theme}`);
  }
  const label = await comeTo(2);
  await press('Tab');
  await expect.poll(() => code.column()).toBe(rows[2].length + label.length + 1);
});

test('a label that is begun is gone on with', async () => {
  const { code } = session;
  const label = await comeTo(5);
  await code.type(label.slice(0, 2));
  await code.suggestion(new RegExp(`^${label.slice(2)}$`));
  await press('Tab');
  await expect.poll(() => code.column()).toBe(rows[5].length + label.length + 1);
});

test('labels that were accepted are learned at a click, from the present weights on', async () => {
  const { code, panel } = session;
  const offer = code.statusBar.getByText('2 new labels');
  await offer.waitFor();
  await session.screenshot('table-new-labels');
  await offer.click();
  await panel.getByText('The run begins with the weights of the earlier one').waitFor();
  await session.status('ended');
  expect(Number(await session.figure('accuracy'))).toBeGreaterThan(0.9);
  await offer.waitFor({ state: 'hidden' });
  await code.clearNotifications();
});

test('all others are filled in at once, after a preview, and undone at once', async () => {
  const { code } = session;
  const empty = () =>
    code.page.locator('.editor-group-container .view-line').filter({ hasText: /,$/ }).count();
  await code.focusLeft();
  await code.goTo(1, 1);
  expect(await empty()).toBeGreaterThan(3);
  await code.command('Unroll: Fill Column');
  await code.quickInput.row('All rows').waitFor();
  await code.page.locator('.monaco-diff-editor .line-insert').first().waitFor();
  await session.screenshot('table-preview');
  await code.quickInput.choose('All rows');
  // The text comes to the front, and would get what is typed into the palette at that moment.
  await expect.poll(empty).toBe(0);
  await code.notification(/Filled in: 98 of 98 empty rows/);
  await code.clearNotifications();
  await code.focusLeft();
  await pictures('filled');
  await code.focusLeft();
  await press('ControlOrMeta+Z');
  await expect.poll(empty).toBeGreaterThan(3);
});

test('a row that is wrong is underlined while it is written, and mended', async () => {
  const { code } = session;
  await code.goToEnd();
  await code.type('INFO session opened for user root');
  const squiggle = code.page.locator('.squiggly-warning').first();
  await squiggle.waitFor();
  await session.screenshot('table-wrong-row');
  await code.quickFix('Add the empty cell');
  await squiggle.waitFor({ state: 'hidden' });
  await code.page.locator('.view-line', { hasText: 'user root,' }).waitFor();
});

test('any text shows the class of each line, until that is hidden', async () => {
  const { code } = session;
  await code.open('lines.csv');
  await code.command('Unroll: Show Labels');
  await code.statusBar.getByText('Labels').waitFor();
  const shown = () =>
    code.page.locator('.view-line span[class*="ced-"]').evaluateAll((spans) => spans.length);
  await expect.poll(shown).toBeGreaterThan(5);
  // The row at the cursor shows what spoke for its label.
  await code.focusLeft();
  await code.goTo(4, 1);
  await code.page.locator('.view-overlays .cdr[class*="ced-"]').first().waitFor();
  await pictures('labels');
  await code.statusBar.getByText('Labels').click();
  await expect.poll(shown).toBe(0);
});

test('the tokens of a column file are tagged the same way', async () => {
  const { code } = session;
  await code.open('sentences.conll');
  await code.command('Unroll: Train on Current File');
  const sentence = code.quickInput.rows.filter({ hasText: /Tag tokens: 200 sentences, 3 tags/ });
  await sentence.waitFor();
  await press('Enter');
  await session.panel.locator('h1', { hasText: 'sentences.conll' }).waitFor();
  await session.status('ended');
  await code.focusLeft();
  const row = tokens.split('\n').indexOf(untagged.split('\n')[0], tokens.split('\n').length - 12) + 1;
  const [, tag] = sentences.at(-1)!.split('\n')[0].split('\t');
  await code.goTo(row, 1);
  await code.goTo(row, 999);
  await code.suggestion(new RegExp(`^${tag}$`));
  await session.screenshot('table-tag');
  await press('Tab');
  await code.page
    .locator('.view-line', { hasText: new RegExp(`${tag}$`) })
    .first()
    .waitFor();
});

test('the tokens of any text are coloured by their tags, until that is hidden', async () => {
  const { code } = session;
  const coloured = () => code.page.locator('.view-overlays .cdr[class*="ced-"]').count();
  await code.command('Unroll: Show Tags');
  await code.statusBar.getByText('Tags').waitFor();
  await expect.poll(coloured).toBeGreaterThan(10);
  await pictures('tags-columns');
  await code.command('Unroll: Show Tags');
  await expect.poll(coloured).toBe(0);
  await code.open('prose.conll');
  await code.command('Unroll: Show Tags');
  await expect.poll(coloured).toBeGreaterThan(10);
  const [word] = prose.split(' ');
  await code.page
    .locator('.view-line span', { hasText: word })
    .first()
    .hover({ position: { x: 4, y: 6 } });
  await code.page
    .locator('.monaco-hover')
    .getByText(/\w+ \d+ %/)
    .waitFor();
  await pictures('tags-prose');
  await code.statusBar.getByText('Tags').hover();
  await code.page.locator('.monaco-hover').getByText('The likeliest tag of each token').waitFor();
  await session.screenshot('table-tags-legend');
  await code.statusBar.getByText('Tags').click();
  await expect.poll(coloured).toBe(0);
});
