// Training works on more than the current file: on a selection, a folder's files, a notebook's cells.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { log, Session } from './session.ts';

const cells = ['import gizmo\n', 'gizmo.turn(left=3)\ngizmo.turn(right=4)\n'.repeat(20)];
const notebook = {
  cells: cells.map((source) => ({
    cell_type: 'code',
    execution_count: null,
    metadata: {},
    outputs: [{ output_type: 'stream', name: 'stdout', text: ['an output that nobody is to learn\n'] }],
    source,
  })),
  metadata: { language_info: { name: 'python' } },
  nbformat: 4,
  nbformat_minor: 5,
};

let session: Session;

beforeAll(async () => {
  session = await Session.start(
    {
      'server.log': log(400),
      'notes/a.log': log(200),
      'notes/deep/b.log': log(150),
      'notes/deep/.gitignore': 'made.*\n',
      'notes/deep/made.log': log(100),
      'notes/passwords.log': log(100),
      'notes/picture.log': Uint8Array.of(137, 80, 78, 71, 0, 0, 0, 13),
      'notes/empty.log': '\n',
      'notes/readme.txt': 'Not a log.\n',
      'notes/hidden.log': log(100),
      'notes/new/fresh.log': '',
      'book.ipynb': JSON.stringify(notebook),
    },
    'server.log',
    { 'files.exclude': { '**/hidden.log': true } },
  );
});
afterAll(() => session[Symbol.asyncDispose]());

const title = () => session.panel.locator('h1').innerText();

test('trains on what is selected', async () => {
  const { code } = session;
  await code.open('server.log');
  await code.goTo(1, 1);
  for (let line = 0; line < 60; line++) await code.page.keyboard.press('Shift+ArrowDown');
  await code.statusBar.getByText(/Ln 61, Col 1 \(\d+ selected\)/).waitFor();
  await code.page.locator('.view-line', { hasText: 'Jan 10 06:50' }).click({ button: 'right' });
  await session.screenshot('selection-menu');
  await code.menu('Train on Selection');
  await expect.poll(title).toBe('server.log:1–60');
  await session.status('ended');
  expect(await session.panel.locator('#remarks li').count()).toBe(0);
});

test('what was selected completes its own file', async () => {
  const { code } = session;
  await code.open('server.log');
  await code.goToEnd();
  await code.type('Jan 10 06:10 INFO acc');
  // Sixty lines are little to learn from, so the model need not be sure of more than the word.
  await code.suggestion(/^ept/);
  await code.page.keyboard.press('Escape');
});

test('trains on the files of a folder that a glob names, and says which it left out', async () => {
  const { code } = session;
  const { page, quickInput } = code;
  await page.keyboard.press('ControlOrMeta+Shift+E');
  await page.locator('.explorer-viewlet .monaco-list-row', { hasText: 'notes' }).click({ button: 'right' });
  await session.screenshot('folder-menu');
  await code.menu('Train on Folder');
  await quickInput.input.fill('**/*.log');
  await session.screenshot('folder-glob');
  await quickInput.input.press('Enter');
  await expect.poll(title).toBe('notes/**/*.log');
  await session.status('ended');
  await expect
    .poll(() => session.panel.locator('#remarks').innerText())
    .toBe('Files read: 2. Left out: 1 named by .gitignore, 2 empty, 1 like secrets, 1 not text.');
  await session.screenshot('folder-dark');
});

test('such a model completes the folder’s files', async () => {
  const { code } = session;
  await code.open('fresh.log');
  await code.goToEnd();
  await code.type('Jan 10 06:10 INFO acc');
  await code.suggestion(/^epted password/);
});

test('trains on a notebook’s cells, and completes in them', async () => {
  const { code } = session;
  await code.open('book.ipynb');
  await code.goToEndOfCell('gizmo.turn');
  await code.command('Unroll: Train on Current File');
  await expect.poll(title).toBe('book.ipynb');
  await session.status('ended');
  await code.goToEndOfCell('gizmo.turn');
  await code.type('gizmo.turn(le');
  await code.suggestion(/^ft=3/);
  await session.screenshot('notebook-dark');
  await code.setTheme('light');
  await session.screenshot('notebook-light');
});
