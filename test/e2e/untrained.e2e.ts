// Ghost text is there right after the command to train, and without any training where the user wants that.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { log, Session } from './session.ts';

const begun = 'Jan 10 06:10 INFO acc';
const settings = '.vscode/settings.json';

/** A text of which only the beginning, which is counted last, knows how such a line goes on. */
const question = 'a quiz question was asked\n';
const long = question.repeat(30) + log(2500);

let session: Session;

beforeAll(async () => {
  session = await Session.start(
    { 'server.log': log(400), 'notes.txt': log(60), 'long.log': long, [settings]: '{}' },
    'notes.txt',
    // A network that is not measured for the first time, and so is on disk, before the window is closed.
    { 'unroll.model.layers': 'LSTM 2000', 'unroll.train.batch': 1000, 'files.autoSave': 'off' },
  );
});
afterAll(() => session[Symbol.asyncDispose]());

/** Types the beginning of a line where no suggestion comes. */
async function typeInVain(): Promise<void> {
  const { code } = session;
  await code.goToEnd();
  await code.type(begun);
  await expect.poll(() => code.column()).toBe(begun.length + 1);
  expect(await code.ghost.count()).toBe(0);
}

test('turned on, a text without a model gives its own suggestions', async () => {
  const { code, folder } = session;
  await typeInVain();
  // VS Code may miss a change of the file, which is then written again; its editor stays as it is, without a key.
  await expect
    .poll(() => {
      writeFileSync(join(folder, settings), '{ "unroll.completion.untrained": true }');
      return code.ghost.count();
    })
    .toBeGreaterThan(0);
  await code.suggestion(/^epted password for/);
  await session.screenshot('suggestion-untrained');
  await code.page.keyboard.press('Escape');
  writeFileSync(join(folder, settings), '{}');
});

test('of a long text, a line is gone on with once all of it is counted, without a key', async () => {
  const { code } = session;
  await session.saveSettings({ 'unroll.completion.untrained': true });
  await code.open('long.log');
  await code.goToEnd();
  const typed = 'a quiz qu';
  await code.type(typed);
  await code.suggestion(new RegExp(`^${question.slice(typed.length).trim()}`));
  await session.screenshot('suggestion-counted-whole');
  await code.page.keyboard.press('Escape');
  await session.saveSettings({});
});

test('right after the command to train there is a suggestion, without a key', async () => {
  const { code } = session;
  await code.open('server.log');
  await typeInVain();
  await code.command('Unroll: Train on Current File');
  await code.suggestion(/^epted password for/);
  await session.screenshot('suggestion-first-second');
  expect(await session.panel.locator('body').getAttribute('data-status')).not.toBe('ended');
  await code.page.keyboard.press('Tab');
  await expect.poll(() => code.column()).toBeGreaterThan(`${begun}epted password for`.length);
});
