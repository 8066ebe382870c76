// Ghost text in a language with a language server, whose list opens while one types.
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Session } from './session.ts';

/** Rules of a style sheet that set the same two properties again and again. */
const rules = Array.from(
  { length: 150 },
  (_, n) =>
    `.${['card', 'note', 'head'][(n * 7) % 3]}-${n} {\n  color: rebeccapurple;\n  margin: ${n % 9}px auto;\n}\n`,
).join('');

let session: Session;
let list: Locator;

beforeAll(async () => {
  // VS Code's own settings decide when the list opens.
  session = await Session.start({ 'app.css': rules, '.vscode/settings.json': '{}' }, 'app.css', {
    'editor.quickSuggestions': undefined,
    'editor.wordBasedSuggestions': undefined,
  });
  list = session.code.page.locator('.suggest-widget.visible');
  await session.code.command('Unroll: Train on Current File');
  await session.status('ended');
  // VS Code creates the part of an editor that asks for ghost text when it is idle, at the latest five seconds after the editor,
  // and opens its list without asking until then.
  await begin('co');
  await session.code.suggestion();
  await end('lor: rebeccapurple;');
});
afterAll(() => session[Symbol.asyncDispose]());

/** Types the beginning of a declaration in a new rule at the end. */
async function begin(declaration: string): Promise<void> {
  const { code } = session;
  await code.open('app.css');
  await code.goToEnd();
  await code.type(`.card {\n${declaration}`);
}

/** Types the rest of the declaration, and ends the rule. */
async function end(rest: string): Promise<void> {
  const { code } = session;
  await code.page.keyboard.press('Escape');
  await list.waitFor({ state: 'hidden' });
  await code.type(`${rest}\n`);
  await code.goToEnd();
}

test('as VS Code comes, ghost text is there while one types a word, and the list stays closed', async () => {
  const { code } = session;
  await begin('co');
  await code.suggestion(/^lor: rebeccapurple;/);
  expect(await list.count()).toBe(0);
  await session.screenshot('list-closed');
  await end('lor: rebeccapurple;');
});

test('as the README says, the list of the language server is open, and ghost text beside it', async () => {
  const { code } = session;
  await session.saveSettings({
    'editor.suggest.selectionMode': 'never',
    'editor.quickSuggestions': { other: 'on' },
  });
  await begin('co');
  await list.getByText('column-gap').waitFor();
  await code.suggestion(/^lor: rebeccapurple;/);
  await session.screenshot('list-beside');
  await code.type('lor:');
  await list.getByText('aliceblue').waitFor();
  await code.suggestion(/^ rebeccapurple;/);
  await session.screenshot('list-values-beside');
  const { line: before } = await code.position();
  await code.page.keyboard.press('Tab');
  // The suggestion may go on in the next line.
  await expect
    .poll(async () => {
      const { line, column } = await code.position();
      return line > before || column === '  color: rebeccapurple;'.length + 1;
    })
    .toBe(true);
});
