// A user trains on the open file, watches, accepts what is suggested, and reloads the window.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { log, Session } from './session.ts';

let session: Session;

beforeAll(async () => {
  session = await Session.start({ 'server.log': log(400) }, 'server.log');
});
afterAll(() => session[Symbol.asyncDispose]());

test('trains on the current file, and the panel shows the loss fall', async () => {
  await session.code.command('Unroll: Train on Current File');
  await session.status('ended');
  await expect
    .poll(() => session.panel.locator('#summary').innerText())
    .toMatch(/bits per character on text it has not seen/);
  await session.panel.locator('#table > summary').click();
  const rows = session.panel.locator('tbody tr td:nth-child(3)');
  await rows.first().waitFor();
  const losses = (await rows.allTextContents()).map(Number);
  expect(losses.length).toBeGreaterThan(3);
  expect(losses.at(-1)).toBeLessThan(losses[0]);
  expect(losses.at(-1)).toBeLessThan(2);
  await session.code.statusBar.getByText(/Unroll \d\.\d\d bpc/).waitFor();
  await session.screenshot('panel-dark');
});

test('ghost text appears at the cursor; typed along it does not change; Tab accepts it', async () => {
  const { code } = session;
  await code.goToEnd();
  await code.type('Jan 10 06:10 INFO acc');
  const suggestion = await code.suggestion(/^epted password for/);
  await code.type('ep');
  await expect.poll(() => code.ghostText()).toBe(suggestion.slice(2));
  await session.screenshot('ghost-text-dark');
  await code.page.keyboard.press('Tab');
  await expect
    .poll(() => code.column())
    .toBeGreaterThan(`Jan 10 06:10 INFO acc${suggestion}`.trimEnd().length);
});

test('it is accepted word by word, and what is left stays', async () => {
  const { code } = session;
  await code.type('\nJan 10 06:11 INFO acc');
  const suggestion = await code.suggestion(/^epted /);
  await code.page.keyboard.press('ControlOrMeta+ArrowRight');
  await expect.poll(() => code.ghostText()).toBe(suggestion.slice('epted'.length));
  await code.page.keyboard.press('Escape');
  await code.ghost.first().waitFor({ state: 'hidden' });
});

test('in the light theme the panel is as readable', async () => {
  await session.code.setTheme('light');
  await session.screenshot('panel-light');
});

test('a panel that was hidden shows the same when it comes back', async () => {
  const { code, panel } = session;
  const before = await panel.locator('#figures').innerText();
  await code.tab('Unroll Training').click();
  await code.page
    .locator('.editor-group-container.active .tab.active', { hasText: 'Unroll Training' })
    .waitFor();
  await code.newText();
  await panel.locator('body').waitFor({ state: 'hidden' });
  await code.tab('Unroll Training').click();
  await expect.poll(() => panel.locator('#figures').innerText()).toBe(before);
});

test('after a window reload the panel, the model and its suggestions are there without training', async () => {
  const { code, panel } = session;
  const before = await panel.locator('#summary').innerText();
  await code.goToEnd();
  await code.save();
  await code.reload();
  await code.tab('server.log').waitFor();
  await expect.poll(() => panel.locator('#summary').innerText()).toBe(before);
  await code.goToEnd();
  await code.type('\nJan 10 06:10 INFO acc');
  // The line above ends after this word, so that a suggestion that came before its second letter ends there too.
  await code.suggestion(/^epted/);
});

test('the window talked to nobody but its own server', () => {
  expect(session.foreign.filter((url) => !/open-vsx\.org/.test(url))).toEqual([]);
});
