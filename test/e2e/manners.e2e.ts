// Suggestions are tested in every kind of editor.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { log, Session } from './session.ts';

const begun = 'Jan 10 06:10 INFO acc';
const cell = {
  cell_type: 'code',
  metadata: { vscode: { languageId: 'log' } },
  source: ['Jan 10 06:10 INFO session\n'],
  outputs: [],
  execution_count: null,
};

let session: Session;

beforeAll(async () => {
  session = await Session.start(
    {
      'server.log': log(400),
      'crlf.log': log(3).replaceAll('\n', '\r\n'),
      // The line does not begin with a word, because inside a word nothing is suggested.
      'long.log': ` from 10.0.0.10 port 4010 ${log(20_000).replaceAll('\n', ' ')}\n`,
      'cells.ipynb': JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 }),
    },
    'server.log',
    {
      'files.autoSave': 'off',
      'files.defaultLanguage': 'log',
    },
  );
  await session.code.command('Unroll: Train on Current File');
  await session.status('ended');
});
afterAll(() => session[Symbol.asyncDispose]());

const lines = (text: string) => session.code.page.locator('.view-line', { hasText: text });

test('a file whose lines end with two characters', async () => {
  const { code } = session;
  await code.open('crlf.log');
  await code.goToEnd();
  await code.type(begun);
  await code.suggestion(/^epted/);
  await code.page.keyboard.press('Tab');
  await lines(`${begun}epted password`).waitFor();
  await code.statusBar.getByText('CRLF').waitFor();
  await session.screenshot('manners-crlf');
});

test('a text without a file', async () => {
  const { code } = session;
  await code.newText();
  await code.type(begun);
  await code.suggestion(/^epted/);
  await session.screenshot('manners-untitled');
});

test('a text that gets its language when it has been typed', async () => {
  const { code } = session;
  await code.newText();
  await code.setLanguage('Plain Text');
  await code.type(begun);
  await code.statusBar.getByText(/Unroll \d/).waitFor({ state: 'hidden' });
  await code.setLanguage('Log');
  await code.suggestion(/^epted/);
  await code.statusBar.getByText(/Unroll \d\.\d\d bpc/).waitFor();
});

test('several cursors accept it together', async () => {
  const { code } = session;
  await code.newText();
  await code.type('\n\n');
  await code.command('Add Cursor Above');
  await code.statusBar.getByText('2 selections').waitFor();
  await code.type(begun);
  await code.suggestion(/^epted/);
  await session.screenshot('manners-cursors');
  await code.page.keyboard.press('Tab');
  await expect.poll(() => lines(`${begun}epted`).count()).toBe(2);
  await code.page.keyboard.press('Escape');
});

test('the side of a comparison that can be changed', async () => {
  const { code } = session;
  await code.command('File: Compare New Untitled Text Files');
  const side = code.page.locator('.monaco-diff-editor .editor.modified');
  await side.locator('.view-lines').click();
  await side.locator('.monaco-editor.focused').waitFor();
  await code.type(begun);
  await code.suggestion(/^epted/);
  await session.screenshot('manners-diff');
});

test('a line as long as a file', async () => {
  const { code } = session;
  await code.open('long.log');
  await code.type(begun);
  await code.suggestion(/^epted/);
  await session.screenshot('manners-long-line');
});

test('a cell of a notebook', async () => {
  const { code } = session;
  await code.open('cells.ipynb');
  await code.goToEndOfCell('session');
  await code.type(begun);
  await code.suggestion(/^epted/);
  await session.screenshot('manners-notebook');
});

test('they are paused and resumed where the status bar is hovered', async () => {
  const { code } = session;
  const item = code.statusBar.getByText(/Unroll \d\.\d\d bpc/);
  const choose = (what: string) => code.clickInHover(item, `${what} suggestions`);
  await choose('Pause');
  await code.statusBar.locator('.codicon-circle-slash').waitFor();
  await session.screenshot('manners-paused');
  await choose('Resume');
  await code.statusBar.locator('.codicon-circle-slash').waitFor({ state: 'detached' });
});
