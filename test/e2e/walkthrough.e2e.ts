// The walkthrough is followed step by step, and each step is ticked off when it has been done.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../host/tools.ts';
import { Session } from './session.ts';

const linesOf = (sample: string) => readFileSync(join(root, 'media/walkthrough', sample), 'utf8').split('\n');
const lines = linesOf('greenhouse.log').length;
const unlabelled = linesOf('messages.csv').at(-1)!;

let session: Session;

beforeAll(async () => {
  session = await Session.start({}, null, { 'unroll.train.epochs': 12 });
  await session.code.command('Unroll: Get Started');
});
afterAll(() => session[Symbol.asyncDispose]());

const steps = () => session.code.page.locator('.gettingStartedDetailsContent .getting-started-step');
const step = (title: string) => steps().filter({ has: session.code.page.getByText(title, { exact: true }) });

async function press(title: string, button: string): Promise<void> {
  const wanted = step(title).getByText(button, { exact: true });
  // VS Code opens the next step when one is ticked, which may come after the click.
  await expect
    .poll(async () => {
      if (!(await wanted.isVisible())) await step(title).click();
      return wanted.isVisible();
    })
    .toBe(true);
  await wanted.dispatchEvent('click');
}

async function isTicked(title: string): Promise<void> {
  // Opening it where it is open already ends a moment later, and would end what is opened until then.
  if (!(await step(title).isVisible())) await session.code.command('Unroll: Get Started');
  await step(title).locator('[role=checkbox][aria-checked=true]').waitFor();
}

test('has a picture and a text for every step', async () => {
  await steps().first().waitFor();
  await session.screenshot('walkthrough-dark');
  const titles = [
    'Open a text',
    'Train on it',
    'Watch it learn',
    'Accept a suggestion',
    'Fill in a table',
    'Continue a series',
    'Write a cell',
  ];
  for (const title of titles) {
    await step(title).click();
    const picture = session.code.page.locator('.getting-started-media img');
    await expect
      .poll(() => picture.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth))
      .toBeGreaterThan(0);
  }
  await expect.poll(() => steps().count()).toBe(titles.length);
});

test('goes from the sample to an accepted suggestion', async () => {
  const { code } = session;
  await press('Open a text', 'Open Sample Text');
  await code.tab('Untitled-1').waitFor();
  await isTicked('Open a text');
  // The sample is behind the walkthrough by then, and the command still applies to it.
  await press('Train on it', 'Train on Current File');
  await session.status('ended');
  await expect.poll(() => session.panel.locator('h1').innerText()).toBe('Untitled-1');
  await isTicked('Train on it');
  await press('Accept a suggestion', 'Go to the Sample’s End');
  await code.page.locator('.monaco-editor.focused[data-uri="untitled:Untitled-1"]').waitFor();
  await code.statusBar.getByText(`Ln ${lines}, Col 1`, { exact: true }).waitFor();
  await code.type('2026-05-04T15:21:10 WARN  c');
  await code.suggestion();
  await code.page.keyboard.press('Tab');
  await isTicked('Accept a suggestion');
  await session.screenshot('walkthrough-done-dark');
  await code.setTheme('light');
  await session.screenshot('walkthrough-done-light');
});

/** Opens a sample in a step, trains on it from there, and comes to its end. */
async function trainOn(title: string, button: string, tab: string, understood: string): Promise<void> {
  const { code } = session;
  await code.command('Unroll: Get Started');
  await press(title, button);
  await code.tab(tab).waitFor();
  await isTicked(title);
  await press(title, 'Train on Current File');
  await code.quickInput.choose(understood);
  await session.panel.locator('h1').getByText(tab, { exact: true }).waitFor();
  await session.status('ended');
  await code.clearNotifications();
  await code.tab(tab).click();
  await code.goTo(2, 1);
  await code.goToEnd();
}

test('from a sample table to a label that was missing', async () => {
  const { code } = session;
  const understood = 'Classify `message` as `for`: 300 rows, 3 classes, 100 empty';
  await trainOn('Fill in a table', 'Open Sample Table', 'Untitled-2', understood);
  const label = await code.suggestion(/^(nobody|gardener|technician)$/);
  await session.screenshot('walkthrough-table');
  await code.page.keyboard.press('Tab');
  await expect.poll(() => code.column()).toBe(unlabelled.length + label.length + 1);
});

test('from a sample series to its next rows', async () => {
  const { code } = session;
  const understood = 'Continue the series: 2 columns of numbers, 504 rows';
  await trainOn('Continue a series', 'Open Sample Series', 'Untitled-3', understood);
  await code.suggestion(/^2026-05-04T00:00,\d+\.\d,\d+/);
  await session.screenshot('walkthrough-series');
});

test('and to a cell', async () => {
  await session.code.command('Unroll: Get Started');
  await press('Write a cell', 'New Cell');
  const { widget, input } = session.code.quickInput;
  await widget.locator('.quick-input-title').getByText('New Cell').waitFor();
  await input.press('Escape');
  await isTicked('Write a cell');
});

test('the window talked to nobody but its own server', () => {
  expect(session.foreign).toEqual([]);
});
