// The author of a cell mends it, trains with it, and looks at what it does.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { log, Session } from './session.ts';

const wrong = `cell Mine
  r[t] = σ(W_r x[t] + U_r h[t-1])
  g[t] = tanh(W x[t] + U (r[t] * h[t-1]) + W h[t-1])
  h[t] = r[t] * h[t-1] + (1 - r[t]) * g[t]
`;

let session: Session;

beforeAll(async () => {
  session = await Session.start({ 'server.log': log(400), 'mine.rnn': wrong }, 'server.log');
});
afterAll(() => session[Symbol.asyncDispose]());

const line = (text: string | RegExp) => session.code.page.locator('.view-line', { hasText: text });
const lens = (title: string) => session.code.page.locator('.codelens-decoration a', { hasText: title });

test('the status of the language says what is in the file', async () => {
  const { code } = session;
  await code.open('mine.rnn');
  await code.page.locator('[id="status.languageStatus"]').hover();
  const hover = code.page.locator('.hover-language-status').first();
  await hover.waitFor();
  await expect.poll(() => hover.innerText()).toMatch(/cell Mine\s*1 mistake/);
  await session.screenshot('cell-status');
});

test('a mistake shows a squiggle, and its quick fix mends it', async () => {
  const { code } = session;
  await code.open('mine.rnn');
  const squiggle = code.page.locator('.squiggly-error');
  await squiggle.first().waitFor();
  await session.screenshot('cell-squiggle');
  await code.goTo(3, wrong.split('\n')[2].lastIndexOf('W') + 1);
  await code.quickFix('Write `U h[t-1]`');
  await squiggle.first().waitFor({ state: 'hidden' });
  await line('+ U h[t-1]').waitFor();
});

test('a lens trains with the cell as it stands in the editor, and the panel says so', async () => {
  const { code, panel } = session;
  // The lens names the text that was active last since the extension was activated.
  await code.open('server.log');
  await code.open('mine.rnn');
  // On disk the file still has its mistake.
  await code.page.locator('.tab.dirty', { hasText: 'mine.rnn' }).waitFor();
  await lens('Train on server.log with This Cell').click();
  await panel.locator('body[data-status=ended], body[data-status=failed]').waitFor();
  await session.screenshot('cell-trained');
  await expect.poll(() => panel.locator('h1').innerText()).toBe('server.log with Mine');
  await expect.poll(() => panel.locator('#summary').innerText()).toMatch(/bits per character on text/);
  await code.notification(/Trained on server\.log with Mine/);
  await code.clearNotifications();
});

test('after it, a hover says shapes in numbers', async () => {
  const { code } = session;
  await code.open('mine.rnn');
  await code.page.locator('.view-line span', { hasText: /^W_r$/ }).hover();
  await code.page.locator('.monaco-hover', { hasText: /32\s*×\s*\d\d/ }).waitFor();
  await session.screenshot('cell-hover');
});

test('its gradients are checked, and shown by parameter', async () => {
  const { code } = session;
  await code.open('mine.rnn');
  await lens('Check Gradients').click();
  const said = await code.notification(/The gradients of Mine are right/);
  await session.screenshot('cell-check');
  await said.getByRole('button', { name: 'Details' }).click();
  await code.tab('Gradients of Mine').waitFor();
  await line(/layers\.0\.U_r\s+\d\.\de-\d+/).waitFor();
  await session.screenshot('cell-gradients');
});

/** The page of the picture that was opened last. */
const picture = () =>
  session.code.page
    .frameLocator('iframe.webview[src*="extensionId=unroll.unroll"]')
    .last()
    .frameLocator('iframe#active-frame');

async function pictures(of: string): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await session.code.setTheme(theme);
    await session.screenshot(`cell-${of}-${theme}`);
  }
}

test('its equations are shown as a graph, which leads to their lines; its compiled form as a text', async () => {
  const { code } = session;
  await code.open('mine.rnn');
  await lens('Show Graph').click();
  await code.tab('Graph of Mine').waitFor();
  await picture().getByRole('heading', { name: 'The equations of Mine' }).waitFor();
  await pictures('graph');
  await code.focusLeft();
  await code.goTo(1, 1);
  await picture().locator('#graph svg text', { hasText: 'g[t] =' }).click();
  await code.statusBar.getByText(/^Ln 3, Col \d+ \(\d+ selected\)$/).waitFor();
  await picture().getByRole('button', { name: 'Show as Text' }).click();
  await line('A layer of Mine: 32 units').waitFor();
  // The next document is to open where the file is, and not beside it.
  await code.focusLeft();
});

test('it is traced with the weights that it was trained with', async () => {
  const { code } = session;
  await code.open('mine.rnn');
  await lens('Trace').click();
  await expect.poll(() => code.quickInput.input.inputValue()).toMatch(/^Jan 10 06:00/);
  await code.quickInput.input.press('Enter');
  await code.tab('Trace of Mine').waitFor();
  await picture().getByText('With the weights of the model trained on server.log.').waitFor();
  await picture().locator('#h svg rect').first().waitFor();
  await pictures('trace-trained');
  await code.focusLeft();
});

test('a new cell starts from a built-in one, and is traced', async () => {
  const { code } = session;
  const { quickInput } = code;
  await code.command('Unroll: New Cell');
  await quickInput.rows.filter({ hasText: 'Hochreiter & Schmidhuber 1997' }).first().waitFor();
  await session.screenshot('cell-new');
  await quickInput.choose('Babylonian');
  await line('cell MyBabylonian').waitFor();

  await code.command('Unroll: Trace Cell');
  await expect.poll(() => quickInput.input.inputValue()).toBe('aaaaaa');
  await quickInput.input.press('Enter');
  await code.tab('Trace of MyBabylonian').waitFor();
  await picture().getByText('With initial weights').waitFor();
  await session.screenshot('cell-trace');
  await picture().getByRole('button', { name: 'Show as Text' }).click();
  await line(/2\s+a\s+1\.416667/).waitFor();
  await line(/6\s+a\s+1\.414214/).waitFor();
  await code.focusLeft();
});

/** Each row: what is typed, an unused command that it always finds, and one that it finds for a cell. */
const inPalette = [
  ['Train', 'Train on Folder', 'Train with This Cell'],
  ['T', 'Train on Folder', 'Trace Cell'],
  ['C', 'Compare Cells', 'Check Gradients'],
  ['Show', 'Show Unit', 'Show Graph'],
] as const;

test('the palette offers what can be done with a cell where there is one', async () => {
  const { code } = session;
  const offered = async () => {
    const found: string[] = [];
    for (const [typed, always, name] of inPalette) {
      const { input, widget, rows } = code.quickInput;
      await code.quickInput.commands();
      await input.fill(`>Unroll: ${typed}`);
      await rows.filter({ hasText: always }).waitFor();
      if ((await rows.filter({ hasText: name }).count()) > 0) found.push(name);
      await input.press('Escape');
      await widget.waitFor({ state: 'hidden' });
    }
    return found;
  };
  await code.open('mine.rnn');
  expect(await offered()).toEqual(inPalette.map(([, , name]) => name));
  await code.open('server.log');
  expect(await offered()).toEqual([]);
});
