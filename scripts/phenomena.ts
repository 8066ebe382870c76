// npm run pictures -- phenomena: takes a picture of each phenomenon of a recurrent network that the product shows, from a
// running VS Code, in the dark and the light theme, into out/screenshots/phenomena.
import { mkdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Session } from '../test/e2e/session.ts';
import { root } from '../test/host/tools.ts';
import { packageExtension } from './package.ts';

/** A window in which the panel has two columns. */
const viewport = { width: 1960, height: 1000 };

/** A linear network whose gradient grows by a tenth with every step: over 50 steps, by 1.1⁵⁰ = 117. */
const exploding = `cell Exploding
  h[t] = 1.1 * (U h[t-1]) + W x[t]
  init U = orthogonal
  fixed U

train
  learningRate = 0.0001
  recover = false
  epochs = 1
`;

/** The phenomena of one run, by the figures in which they are seen. */
const ofOneRun = {
  'what-it-writes': 'writing',
  unrolled: 'unrolled',
  vanishing: 'lag',
  clipping: 'gradient',
  gates: 'units',
  'k1-and-k2': 'windows',
  'free-running': 'freeRunning',
  'dynamical-system': 'path',
};

const settings = {
  'unroll.model.layers': 'LSTM 64, LSTM 64',
  'unroll.train.k1': 25,
  'unroll.train.k2': 50,
  'unroll.train.epochs': 8,
  'workbench.activityBar.location': 'hidden',
  'editor.minimap.enabled': false,
};

const folder = join(root, 'out/screenshots/phenomena');
mkdirSync(folder, { recursive: true });
await packageExtension();
const text = readFileSync(join(root, 'media/walkthrough/greenhouse.log'), 'utf8');
const files = { 'greenhouse.log': text, 'exploding.rnn': exploding };
await using session = await Session.start(files, 'greenhouse.log', settings);
const { code, panel } = session;
const { page } = code;
await page.setViewportSize(viewport);
await page.keyboard.press('ControlOrMeta+B');

/** Takes a picture of an editor group in each theme. @param show brings up what is shown, in each theme anew */
async function picture(name: string, group: number, show: () => Promise<void>): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await code.setTheme(theme);
    await show();
    const clip = (await page.locator('.editor-group-container').nth(group).boundingBox())!;
    const path = join(folder, `${name}-${theme}.png`);
    await page.screenshot({ path, clip });
    process.stdout.write(`${relative(process.cwd(), path)}\n`);
  }
}

const figure = (id: string) => panel.locator(`#${id}`).evaluate((shown) => shown.scrollIntoView());

await code.command('Unroll: Train on Current File');
await session.status('ended');
await code.clearNotifications();
for (const [name, id] of Object.entries(ofOneRun)) await picture(name, 1, () => figure(id));

await code.open('greenhouse.log');
await code.command('Unroll: Show Unit');
await code.quickInput.widget.getByText('follow one thing').first().waitFor();
await page.keyboard.press('Enter');
await picture('a-unit-follows', 0, async () => {});

await code.open('greenhouse.log');
await code.command('Unroll: Compare Cells on Current File');
await code.quickInput.widget.getByText('EchoState').first().waitFor();
await code.quickInput.check('EchoState');
await code.quickInput.input.fill('');
await page.keyboard.press('Enter');
await code.quickInput.widget.getByText('Budget of each').waitFor();
await code.quickInput.input.fill('4 epochs');
await page.keyboard.press('Enter');
// The fourth row is that of the last cell, from its beginning on.
await panel.locator('#comparison tbody tr:not(.remark)').nth(3).waitFor({ timeout: 0 });
await session.status('ended');
await code.clearNotifications();
await picture('cells-and-a-reservoir', 1, () => figure('comparison'));
await picture('vanishing-by-cell', 1, () => figure('lag'));

await code.open('exploding.rnn');
await code.command('Unroll: Train with This Cell');
await session.status('running');
await session.status('ended');
await code.clearNotifications();
await picture('exploding', 1, () => figure('lag'));
