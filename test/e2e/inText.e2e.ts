// A text shows what a model predicts of it: surprise and units as colours, generated text, and a report on it
// all.
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Theme } from '../host/workbench.ts';
import { log, Session } from './session.ts';

/** A word that a report must not contain. */
const secret = 'Geheimnis';
const name = `${secret}.log`;

let session: Session;

beforeAll(async () => {
  session = await Session.start(
    {
      [name]: log(400),
      'strange.log': `Jan 10 06:10 INFO zebra password for admin\n${log(40)}`,
      'large.log': log(90_000),
      '.vscode/settings.json': '{}',
    },
    name,
    {
      'unroll.generate.length': 400,
      'unroll.generate.seed': 1,
      'files.autoSave': 'off',
    },
  );
  await session.code.command('Unroll: Train on Current File');
  await session.status('ended');
  await session.code.focusLeft();
});
afterAll(() => session[Symbol.asyncDispose]());

const press = (key: string) => session.code.page.keyboard.press(key);
const status = (text: RegExp): Locator => session.code.statusBar.getByText(text);
const zebra = (): Locator => session.code.page.locator('.view-line', { hasText: 'zebra' });
const coloured = (): Locator => session.code.page.locator('.view-overlays .cdr[class*="ced-"]');

/** Returns where the coloured patches on a line begin, in pixels from the left. */
async function patches(line: Locator): Promise<number[]> {
  const { y, height } = (await line.boundingBox())!;
  const all = await coloured().evaluateAll((elements) =>
    elements.map((element) => element.getBoundingClientRect()),
  );
  return all
    .filter((each) => each.y >= y - 1 && each.y < y + height - 1)
    .map(({ x }) => x)
    .toSorted((a, b) => a - b);
}

/** Colours the text that has a strange line: its average is shown once all of it has its colours. */
async function showSurprise(): Promise<void> {
  await session.code.open('strange.log');
  if (!(await status(/Surprise \d/).isVisible())) await session.code.command('Unroll: Show Surprise');
  await status(/Surprise \d\.\d\d bits/)
    .locator('.codicon-eye')
    .waitFor();
  await expect.poll(async () => (await patches(zebra())).length).toBeGreaterThan(1);
}

/** The part of a page's global object that tells how its elements are drawn. */
interface Styles {
  getComputedStyle(element: unknown, part: string): { readonly content: string };
}

/** Returns what a notification says, and clears all notifications. */
async function notification(text: RegExp): Promise<string> {
  const said = await (await session.code.notification(text)).innerText();
  await session.code.clearNotifications();
  return said;
}

/** Takes a picture in every theme, for people to look at. */
async function pictures(of: string): Promise<void> {
  for (const theme of ['light', 'contrast', 'contrastLight', 'dark'] satisfies Theme[]) {
    await session.code.setTheme(theme);
    await session.screenshot(`${of}-${theme}`);
  }
}

test('without a model the way out is said', async () => {
  const { code } = session;
  await code.newText();
  await code.command('Unroll: Show Surprise');
  expect(await notification(/No model completes this text yet/)).toMatch(/Train on Current File/);
});

test('surprise colours what the model does not expect', async () => {
  await showSurprise();
  await pictures('surprise');
});

test('a hover names what was expected, with probabilities', async () => {
  const { code } = session;
  await showSurprise();
  const word = zebra().locator('span > span', { hasText: 'zebra' });
  const box = (await word.boundingBox())!;
  const text = await word.innerText();
  const width = box.width / text.length;
  await code.page.mouse.move(box.x + (text.indexOf('z') + 0.5) * width, box.y + box.height / 2);
  const hover = code.page.locator('.monaco-hover', { hasText: 'Surprise:' }).first();
  await hover.waitFor();
  await expect.poll(() => hover.innerText()).toMatch(/z\s+\d[\d.e-]* %\s+(.+\s+\d[\d.e-]* %\s*){5}/);
  await session.screenshot('surprise-hover');
});

test('the end of a line that is not expected has a patch behind it, and its hover names it', async () => {
  const { code } = session;
  await showSurprise();
  const signs = () =>
    zebra()
      .locator('span > span')
      .evaluateAll((spans) => {
        const page = globalThis as unknown as Styles;
        return spans.map((span) => page.getComputedStyle(span, '::after').content);
      });
  await expect.poll(signs).toContain('"↵"');
  const { x, y, width, height } = (await zebra().locator('span > span').last().boundingBox())!;
  await code.page.mouse.move(x + width - 3, y + height / 2);
  await code.page.locator('.monaco-hover', { hasText: 'Surprise of the end of the line:' }).first().waitFor();
  await session.screenshot('surprise-line-end');
});

test('the colours follow an edit', async () => {
  const { code } = session;
  await showSurprise();
  const before = await patches(zebra());
  await code.goTo(1, 1);
  for (let word = 0; word < 3; word++) await press('ControlOrMeta+Delete');
  await expect.poll(() => patches(zebra())).not.toEqual(before);
  for (let word = 0; word < 3; word++) await press('ControlOrMeta+Z');
  await expect.poll(() => patches(zebra())).toEqual(before);
});

test('the status bar has the scale, and hides it all', async () => {
  const { code } = session;
  await showSurprise();
  await status(/Surprise \d/).hover();
  const hover = code.page.locator('.monaco-hover', { hasText: 'network alone' }).last();
  await hover.waitFor();
  await expect.poll(() => hover.innerText()).toMatch(/1 to 2 bits.*8 bits and more/s);
  await session.screenshot('surprise-legend');
  await status(/Surprise \d/).click();
  await expect.poll(() => coloured().count()).toBe(0);
});

test('a file of five megabytes is coloured where it is seen', async () => {
  const { code } = session;
  await code.open('large.log');
  await code.command('Unroll: Show Surprise');
  await coloured().first().waitFor();
  await code.goToEnd();
  await code.type('Jan 10 06:10 INFO zebra');
  await expect.poll(async () => (await patches(zebra())).length).toBeGreaterThan(0);
  await code.command('Unroll: Show Surprise');
  await expect.poll(() => coloured().count()).toBe(0);
});

test('units: those that follow something come first, and each is seen as it is looked at', async () => {
  const { code } = session;
  await code.open(name);
  await code.command('Unroll: Show Unit');
  const { rows, widget } = code.quickInput;
  await rows
    .filter({ hasText: /Layer 1, h, unit \d+/ })
    .first()
    .waitFor();
  await expect
    .poll(() => rows.and(code.page.locator('.focused')).innerText())
    .toMatch(/Layer 1, h, unit \d+\s*.+, r = −?[01]\.\d\d/);
  await status(/Layer 1, h, unit/).waitFor();
  const first = await status(/Layer 1, h, unit/).innerText();
  await session.screenshot('unit-pick');
  await press('ArrowDown');
  await expect.poll(() => status(/Layer 1, h, unit/).innerText()).not.toBe(first);
  await press('ArrowUp');
  await expect.poll(() => status(/Layer 1, h, unit/).innerText()).toBe(first);
  await press('Enter');
  await widget.waitFor({ state: 'hidden' });
  await coloured().first().waitFor();
  await pictures('unit');
  await code.command('Unroll: Show Unit');
  await expect.poll(() => coloured().count()).toBe(0);
});

/** Chooses from what 'Generate Text' offers. */
async function generate(from: 'From the Cursor On' | 'From a Prompt …'): Promise<void> {
  await session.code.command('Unroll: Generate Text');
  await session.code.quickInput.row(from).waitFor();
  await session.screenshot('generate-pick');
  await session.code.quickInput.choose(from);
}

const generated = (text = ''): Locator =>
  session.code.page.locator('.monaco-editor[data-uri^="untitled:"] .view-line', { hasText: text });

test('text is generated into a document of its own, and it is said how much of it is quoted', async () => {
  const { code } = session;
  await code.open(name);
  await generate('From a Prompt …');
  await code.quickInput.answer('What the text begins with', 'Jan 10 06:10 INFO');
  expect(await notification(/Generated 400 characters/)).toMatch(
    /with seed 1\. \d+ % of them .* the longest quotation has \d+/,
  );
  await session.screenshot('generated');
  await code.tab('Jan 10 06:10 INFO').waitFor();
  await expect.poll(() => generated().count()).toBeGreaterThan(4);
});

test('it goes on after what stands before the cursor', async () => {
  const { code } = session;
  await code.open(name);
  await code.goToEnd();
  await code.type('Feb 10 06:10 INFO');
  await generate('From the Cursor On');
  await notification(/Generated 400 characters/);
  await generated('Feb 10 06:10 INFO').first().waitFor();
  expect(await code.tab(name).getAttribute('class')).not.toMatch(/\bactive\b/);
});

test('a document that is closed while it is written ends the writing', async () => {
  const { code } = session;
  // This is the longest text that there is, and takes longer than the document is open.
  await session.saveSettings({ 'unroll.generate.length': 1_000_000 });
  await code.open(name);
  const placeholder = async () => {
    await code.command('Unroll: Generate Text');
    await code.quickInput.row('From a Prompt …').waitFor();
    return code.quickInput.input.getAttribute('placeholder');
  };
  await expect.poll(placeholder).toMatch(/1,000,000 characters/);
  await code.quickInput.choose('From a Prompt …');
  await code.quickInput.answer('What the text begins with', '');
  await code.statusBar.getByText(/Ln 1\d+, Col/).waitFor();
  const writing = await code.notification('Generating text');
  await code.command('View: Revert and Close Editor');
  await writing.waitFor({ state: 'hidden' });
  expect(await code.notifications.filter({ hasText: 'Generated' }).count()).toBe(0);
});

test('a report says how things are without a word of the user’s', async () => {
  const { code } = session;
  await code.command('Unroll: Report');
  const lines = code.page.locator('.monaco-editor.focused[data-uri^="untitled:"] .view-line');
  await lines.filter({ hasText: 'Last training' }).waitFor();
  await session.screenshot('report');
  const text = (await lines.allInnerTexts()).join('\n').replaceAll('\u00a0', ' ');
  for (const line of [/Node: \d/, /Engine: unroll/, /GRU 32 · \d+ symbols/, /Last training: ended/])
    expect(text).toMatch(line);
  for (const word of [secret, session.folder, 'password', 'admin']) expect(text).not.toContain(word);
});

test('the window talked to nobody but its own server', () => {
  expect(session.foreign.filter((url) => !/open-vsx\.org/.test(url))).toEqual([]);
});
