// A table of log lines with the seconds that they took is trained on: what it predicts is looked at, and an empty cell is
// filled in.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Session } from './session.ts';

/** Each page took a second, each of its images another one, and slow hosts three more; the same in every run. */
const lines = Array.from({ length: 400 }, (_, row) => {
  const images = (row * 7) % 5;
  const host = (row * 3) % 4 === 0 ? 'slow' : 'fast';
  const noise = (((row * 31) % 97) / 97 - 0.5) / 5;
  const seconds = 1 + images + (host === 'slow' ? 3 : 0) + noise;
  return `GET ${host}/${row}${' img'.repeat(images)},${row % 4 === 3 ? '' : seconds.toFixed(1)}`;
});
const table = `line,seconds\n${lines.join('\n')}\n`;

let session: Session;

beforeAll(async () => {
  session = await Session.start({ 'requests.csv': table }, 'requests.csv', {
    'files.autoSave': 'off',
    'unroll.train.epochs': 40,
    'unroll.model.layers': 'GRU 24',
    'editor.minimap.enabled': false,
  });
});
afterAll(() => session[Symbol.asyncDispose]());

async function pictures(of: string): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await session.code.setTheme(theme);
    await session.screenshot(`regression-${of}-${theme}`);
  }
}

test('it is offered to predict the numbers, and the network is better than the mean', async () => {
  const { code } = session;
  await code.command('Unroll: Train on Current File');
  const sentence = 'Predict `seconds` from `line`: 400 rows, 100 empty';
  await code.quickInput.row(sentence).waitFor();
  await session.screenshot('regression-understood');
  await code.quickInput.choose(sentence);
  await session.status('ended');
  expect(Number(await session.figure('RMSE'))).toBeLessThan(1.2);
  await code.notification(/Trained on requests.csv: RMSE .* What is missing in a row is suggested/);
  await code.clearNotifications();
});

test('the panel shows what was predicted by what is true', async () => {
  const { code, panel } = session;
  const figure = panel.locator('#predicted');
  await figure.scrollIntoViewIfNeeded();
  await figure.getByText(/Of \d+ held-out rows, \d+ lie within the interval\./).waitFor();
  await code.focusLeft();
  await pictures('predicted');
});

/** Puts the cursor at the end of a line that has no number, until one is suggested. @returns that number */
async function comeToGap(line: number): Promise<string> {
  const { code } = session;
  await code.focusLeft();
  await code.goTo(line, 1);
  await code.goTo(line, 999);
  return code.suggestion(/^\d+\.\d$/);
}

test('an empty cell has its number suggested, and Tab accepts it', async () => {
  const { code } = session;
  await comeToGap(5);
  await session.screenshot('regression-suggestion');
  await code.page.keyboard.press('Tab');
  await expect.poll(() => code.column()).toBe('GET fast/3 img,2.0'.length + 1);
});

test('a number that has been begun is gone on with where it begins as the expected one does', async () => {
  const { code } = session;
  const number = await comeToGap(9);
  await code.type(number.slice(0, -1));
  expect(await code.suggestion()).toBe(number.slice(-1));
  await session.screenshot('regression-begun');
  await code.page.keyboard.press('Backspace');
  await code.type('9');
  await code.ghost.first().waitFor({ state: 'hidden' });
});

test('a row says which number is expected there, and with which interval', async () => {
  const { code } = session;
  await code.page.locator('.view-line span', { hasText: 'slow/4' }).first().hover();
  const hover = code.page.locator('.monaco-hover');
  await hover.getByText(/seconds \d+\.\d \(\d+\.\d to \d+\.\d\)/).waitFor();
  await session.screenshot('regression-hover');
});
