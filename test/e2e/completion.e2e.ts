// Suggestions are typed along, accepted by word and as a whole, and undone; among secrets there are none.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { log, Session } from './session.ts';

const begun = 'Jan 10 06:10 INFO acc';

let session: Session;

beforeAll(async () => {
  session = await Session.start(
    { 'server.log': log(400), 'other.log': `${begun}\n`, '.env': 'KEY=1\n' },
    'server.log',
    { 'files.associations': { '.env': 'log' }, 'files.autoSave': 'off' },
  );
  await session.code.command('Unroll: Train on Current File');
  await session.status('ended');
});
afterAll(() => session[Symbol.asyncDispose]());

/** Resolves when the cursor is right behind a text of this length in its line. */
const behind = (text: string) => expect.poll(() => session.code.column()).toBe(text.length + 1);

test('typed along, a suggestion stays what it was', async () => {
  const { code } = session;
  await code.open('server.log');
  await code.goToEnd();
  await code.type(begun);
  const suggestion = await code.suggestion(/^epted password for/);
  for (let typed = 1; typed <= 4; typed++) {
    await code.type(suggestion[typed - 1]);
    await expect.poll(() => code.ghostText()).toBe(suggestion.slice(typed));
  }
  await session.screenshot('suggestion-typed-along');
});

test('a word of it is accepted, then all of it; undone, it is gone', async () => {
  const { code } = session;
  const suggestion = await code.suggestion(/^d password for/);
  await code.page.keyboard.press('ControlOrMeta+ArrowRight');
  await behind(`${begun}epted`);
  await expect.poll(() => code.ghostText()).toBe(suggestion.slice('d'.length));
  await session.screenshot('suggestion-word-accepted');
  await code.page.keyboard.press('Tab');
  await behind(`${begun}epte${suggestion}`);
  await session.screenshot('suggestion-accepted');
  await code.page.keyboard.press('ControlOrMeta+Z');
  await behind(`${begun}epted`);
  await session.screenshot('suggestion-undone');
});

test('the next suggestion is another one, and accepted as such', async () => {
  const { code } = session;
  await code.type('\nJan 10 06:10 ');
  const first = await code.suggestion();
  await code.page.keyboard.press('Alt+BracketRight');
  const second = await code.suggestion(new RegExp(`^[^${first[0]}]`));
  await session.screenshot('suggestion-next');
  expect([first[0], second[0]].toSorted()).toEqual(['I', 'W']);
  await code.type(second[0]);
  await expect.poll(() => code.ghostText()).toBe(second.slice(1));
  await code.page.keyboard.press('Tab');
  await behind(`Jan 10 06:10 ${second}`);
  await code.page.keyboard.press('ControlOrMeta+Z');
  await code.page.keyboard.press('ControlOrMeta+Z');
});

test('what was shown, accepted and saved is told where the status bar is hovered', async () => {
  const { code } = session;
  await code.statusBar.getByText(/Unroll \d\.\d\d bpc/).hover();
  const hover = code.page.locator('.monaco-hover', { hasText: 'Suggestions:' }).last();
  await hover.waitFor();
  await expect.poll(() => hover.innerText()).toMatch(/[1-9]\d* shown, 2 accepted, [1-9]\d* characters saved/);
  await session.screenshot('suggestions-counted');
});

test('another text of the same language gets suggestions too', async () => {
  const { code } = session;
  await code.open('other.log');
  await code.goToEnd();
  await code.type(begun);
  await code.suggestion(/^epted/);
});

test('paused, there are none until they are resumed', async () => {
  const { code } = session;
  const paused = code.statusBar.locator('.codicon-circle-slash');
  await code.open('other.log');
  await code.goToEnd();
  await code.command('Unroll: Pause or Resume Suggestions');
  await paused.waitFor();
  await code.type(`\n${begun}`);
  await behind(begun);
  expect(await code.ghost.count()).toBe(0);
  await code.command('Unroll: Pause or Resume Suggestions');
  await paused.waitFor({ state: 'detached' });
  await code.suggestion(/^epted/);
});

test('a file with secrets shows none, not even when asked, and nothing is trained on it', async () => {
  const { code } = session;
  await code.open('.env');
  await code.goToEnd();
  await code.type(begun);
  await behind(begun);
  await code.command('Trigger Inline Suggestion');
  expect(await code.ghost.count()).toBe(0);
  await session.screenshot('no-suggestion-in-env');
  await code.command('Unroll: Train on Current File');
  await code.notification('looks like a file with secrets');
});
