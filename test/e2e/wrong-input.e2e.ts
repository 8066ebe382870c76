// A text that cannot be trained on is refused in a sentence, and the next training works.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { log, Session } from './session.ts';

let session: Session;

beforeAll(async () => {
  session = await Session.start(
    {
      'tiny.txt': 'hello',
      'other.log': log(400),
      'huge.log': log(1_100_000),
    },
    null,
    { 'unroll.train.epochs': null, 'unroll.train.seconds': 600, 'unroll.train.patience': null },
  );
});
afterAll(() => session[Symbol.asyncDispose]());

const train = () => session.code.command('Unroll: Train on Current File');

test('with no editor open', async () => {
  await train();
  await session.code.notification(/Open a text to train on/);
  await session.code.clearNotifications();
});

test('a tiny text: says how much is needed', async () => {
  await session.code.open('tiny.txt');
  await train();
  await session.code.notification(/400 characters are needed, and this has 5/);
  await session.status('failed');
  await session.screenshot('too-little-text');
  await session.code.clearNotifications();
});

test('a text that was never saved is trained on, edited and closed meanwhile', async () => {
  const { code } = session;
  await code.focusLeft();
  await code.newText();
  await code.page.keyboard.insertText('All work and no play makes Jack a dull boy. '.repeat(60));
  await train();
  await session.status('running');
  await code.focusLeft();
  await code.type('x');
  await expect.poll(() => session.panel.locator('h1').innerText()).toBe('Untitled-1');
});

test('training again asks first, and Cancel leaves the run alone', async () => {
  const { code } = session;
  await code.open('other.log');
  await train();
  const dialog = code.page.locator('.monaco-dialog-box');
  await dialog.getByText('A training on Untitled-1 is under way.').waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await expect.poll(() => session.panel.locator('h1').innerText()).toBe('Untitled-1');
  await train();
  await dialog.getByRole('button', { name: 'Stop It and Train' }).click();
  await expect.poll(() => session.panel.locator('h1').innerText()).toBe('other.log');
  await session.status('running');
});

test('stopped from the palette, it keeps what it has learned', async () => {
  await session.panel.locator('#figures', { hasText: 'steps' }).waitFor();
  await session.code.command('Unroll: Stop Training');
  await session.status('ended');
  await expect.poll(() => session.panel.locator('#summary').innerText()).toMatch(/^Stopped/);
});

test('a file too large for the editor to hand over is trained on whole, and what is kept of it is said', async () => {
  await session.code.open('huge.log');
  await train();
  await session.status('running');
  await session.panel
    .locator('#remarks', {
      hasText: /recall the last 1,000,000 characters word for word, and no more of it is kept/,
    })
    .waitFor();
  await session.code.command('Unroll: Stop Training');
  await session.status('ended');
});
