// A table of measurements is trained on, its forecast is looked at, and its next rows are suggested and accepted.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Session } from './session.ts';

/** Measurements of every hour with a daily rhythm and some noise, which is the same in every run. */
const rows = Array.from({ length: 800 }, (_, hour) => {
  const noise = (seed: number) => ((hour * seed) % 97) / 97 - 0.5;
  const day = (2 * Math.PI * hour) / 24;
  const at = new Date(Date.UTC(2026, 0, 1, hour)).toISOString().slice(0, 16);
  const temperature = 18 + 6 * Math.sin(day) + noise(31);
  const humidity = 60 - 12 * Math.sin(day + 0.4) + 2 * noise(57);
  return `${at},${temperature.toFixed(1)},${humidity.toFixed(0)}`;
});
const table = `time,temperature,humidity\n${rows.join('\n')}\n`;

let session: Session;

beforeAll(async () => {
  session = await Session.start({ 'greenhouse.csv': table }, 'greenhouse.csv', {
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
    await session.screenshot(`series-${of}-${theme}`);
  }
}

test('it is offered to continue the series, and the network is better than the last value', async () => {
  const { code } = session;
  await code.command('Unroll: Train on Current File');
  const sentence = 'Continue the series: 2 columns of numbers, 800 rows';
  await code.quickInput.row(sentence).waitFor();
  await session.screenshot('series-understood');
  await code.quickInput.choose(sentence);
  await session.status('ended');
  expect(Number(await session.figure('NRMSE'))).toBeLessThan(0.3);
  await code.notification(/Trained on greenhouse.csv: NRMSE .* The next rows are suggested at the end/);
  await code.clearNotifications();
});

test('the panel shows the forecast of the held-out rows with its interval, column by column', async () => {
  const { code, panel } = session;
  const figure = panel.locator('#forecast');
  await figure.scrollIntoViewIfNeeded();
  await figure.getByText(/Of 60 held-out rows, \d+ lie within the interval\./).waitFor();
  await code.focusLeft();
  await pictures('forecast');
  await figure.locator('select').selectOption({ label: 'humidity' });
  await session.screenshot('series-forecast-humidity');
});

test('the next rows are suggested at the end of the file, and Tab accepts them', async () => {
  const { code } = session;
  for (const theme of ['light', 'dark'] as const) {
    await code.setTheme(theme);
    await code.focusLeft();
    await code.goTo(790, 1);
    await code.goToEnd();
    await code.suggestion(/^2026-02-03T08:00,\d+\.\d,\d+/);
    await session.screenshot(`series-suggestion-${theme}`);
  }
  await code.page.keyboard.press('Tab');
  await code.page.locator('.view-line', { hasText: '2026-02-03T12:00,' }).waitFor();
});

test('a row says what was expected there, and with which interval', async () => {
  const { code } = session;
  await code.page.locator('.view-line span', { hasText: '2026-02-03T06:00' }).first().hover();
  const hover = code.page
    .locator('.monaco-hover')
    .getByText(/temperature -?\d+\.\d \(-?\d+\.\d to -?\d+\.\d\)/);
  await hover.waitFor();
  await session.screenshot('series-hover');
});
