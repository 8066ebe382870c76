// npm run pictures -- phenomena [run] [cells] [comparison] [tags]: takes a picture of each phenomenon of a recurrent network
// that the product shows, from a running VS Code, in the dark and the light theme, and writes the page that shows them.
// Names of parts take only their pictures.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Locator } from 'playwright-core';
import { Session } from '../../test/e2e/session.ts';
import { root } from '../../test/host/tools.ts';
import { packageExtension } from '../package.ts';
import { page as markdown, pageFile, pictureFile, pictureFolder, secondsFile } from './list.ts';
import { files } from './texts.ts';

/** A window in which the panel has two columns, one in which it has one, and one that is readable as a whole. */
const wide = { width: 1960, height: 1000 };
const medium = { width: 1100, height: 1000 };
const small = { width: 1100, height: 560 };

/** The space around a figure in pixels. */
const margin = 6;

const settings = {
  'unroll.model.layers': 'LSTM 64, LSTM 64',
  'unroll.train.k1': 25,
  'unroll.train.k2': 50,
  'unroll.train.epochs': 8,
  // At this threshold, early gradients are clipped and most late ones are not.
  'unroll.train.threshold': 0.12,
  'workbench.activityBar.location': 'hidden',
  'editor.minimap.enabled': false,
  'editor.occurrencesHighlight': 'off',
};

const folder = join(root, pictureFolder);
mkdirSync(folder, { recursive: true });

/** The seconds from the opened text until each phenomenon was on the screen; those of parts that are not taken stay. */
const seconds: Record<string, number> = existsSync(join(root, secondsFile))
  ? JSON.parse(readFileSync(join(root, secondsFile), 'utf8'))
  : {};

type Box = NonNullable<Awaited<ReturnType<Locator['boundingBox']>>>;

/** Returns the smallest box that holds all, with a margin. */
function around(boxes: readonly Box[]): Box {
  const [left, top] = [Math.min(...boxes.map(({ x }) => x)), Math.min(...boxes.map(({ y }) => y))];
  const right = Math.max(...boxes.map(({ x, width }) => x + width));
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height));
  return {
    x: left - margin,
    y: top - margin,
    width: right - left + 2 * margin,
    height: bottom - top + 2 * margin,
  };
}

class Camera {
  readonly session: Session;
  #opened = performance.now();

  constructor(session: Session) {
    this.session = session;
  }

  /** Notes that a phenomenon is on the screen. */
  seen(name: string): void {
    seconds[name] = Math.round((performance.now() - this.#opened) / 100) / 10;
  }

  /** Leaves the time that an action takes out of the seconds after which something is seen. */
  async untimed(act: () => Promise<unknown>): Promise<void> {
    const began = performance.now();
    await act();
    this.#opened += performance.now() - began;
  }

  /** Waits until each figure of the panel says what it shows; by the names of the phenomena, their ids. */
  async await(figures: Readonly<Record<string, string>>): Promise<void> {
    await Promise.all(
      Object.entries(figures).map(async ([name, id]) => {
        await this.session.panel
          .locator(`#${id}:not([hidden]) .says:not(:empty)`)
          .waitFor({ state: 'attached', timeout: 0 });
        this.seen(name);
      }),
    );
  }

  /** Takes a picture in each theme. @param show returns what is shown, in each theme anew, and scrolls to it */
  async take(name: string, show: () => Promise<Box>): Promise<void> {
    for (const theme of ['light', 'dark'] as const) {
      await this.session.code.setTheme(theme);
      const path = join(folder, pictureFile(name, theme));
      await this.session.code.page.screenshot({ path, clip: await show() });
      process.stdout.write(`${relative(process.cwd(), path)}\n`);
    }
  }

  /** Takes a picture of figures of the panel, or of another page of the extension, by their ids. */
  async figures(name: string, ids: readonly string[], webview = this.session.panel): Promise<void> {
    await this.take(name, async () => {
      const shown = ids.map((id) => webview.locator(`#${id}`));
      await shown[0].evaluate((figure) => figure.scrollIntoView({ block: 'center' }));
      for (const figure of shown) await figure.evaluate((each) => each.scrollIntoView({ block: 'nearest' }));
      return around(await Promise.all(shown.map(async (figure) => (await figure.boundingBox())!)));
    });
  }

  /** Takes a picture of the window. @param show brings up what is shown, in each theme anew */
  async window(name: string, show: () => Promise<void>): Promise<void> {
    await this.take(name, async () => {
      await show();
      return { x: 0, y: 0, ...this.session.code.page.viewportSize()! };
    });
  }
}

async function start(
  open: keyof typeof files,
  more: Readonly<Record<string, unknown>> = {},
  others: readonly (keyof typeof files)[] = [],
): Promise<Camera> {
  const contents = Object.fromEntries([open, ...others].map((name) => [name, files[name]]));
  const session = await Session.start(contents, open, { ...settings, ...more });
  await session.code.page.setViewportSize(wide);
  await session.code.page.keyboard.press('ControlOrMeta+B');
  return new Camera(session);
}

/** Resolves when the run with this title has ended. */
async function ended(session: Session, title: string): Promise<void> {
  await session.panel.locator('h1', { hasText: title }).waitFor({ timeout: 0 });
  await session.status('ended');
  await session.code.clearNotifications();
}

/** Takes what is seen of a training, and of a text that its model reads. */
async function takeRun(): Promise<void> {
  const camera = await start('greenhouse.log');
  await using session = camera.session;
  const { code } = session;
  const { page } = code;
  await code.command('Unroll: Train on Current File');
  await camera.await({
    unrolled: 'unrolled',
    vanishing: 'lag',
    clipping: 'gradient',
    gates: 'units',
    'k1-and-k2': 'windows',
    'free-running': 'freeRunning',
    'dynamical-system': 'path',
  });
  await ended(session, 'greenhouse.log');
  await camera.untimed(() => takeFigures(camera));
  await code.open('greenhouse.log');
  await code.command('Unroll: Show Unit');
  await code.quickInput.widget.getByText('follow one thing').first().waitFor();
  await page.keyboard.press('Enter');
  const unit = code.statusBar.getByText(/unit \d+/);
  await unit.waitFor();
  camera.seen('a-unit-follows');
  await page.setViewportSize(small);
  await camera.window('a-unit-follows', async () => {
    await unit.waitFor();
    await page.mouse.move(0, 0);
    await unit.hover();
    await page.locator('.monaco-hover:visible').getByText(/r = /).waitFor();
  });
}

/** Takes the figures of a training that has ended. */
async function takeFigures(camera: Camera): Promise<void> {
  const { panel } = camera.session;
  await camera.figures('unrolled', ['unrolled']);
  await camera.figures('vanishing', ['lag', 'strip']);
  await camera.figures('clipping', ['gradient']);
  await panel.locator('#units select').selectOption('layers.1.f');
  await camera.figures('gates', ['units']);
  await camera.figures('k1-and-k2', ['windows']);
  await camera.figures('free-running', ['freeRunning']);
  await camera.figures('dynamical-system', ['path', 'inside']);
}

/** Takes what is seen of cells in files. */
async function takeCells(): Promise<void> {
  const camera = await start('greenhouse.log', {}, ['exploding.rnn', 'lstm.rnn']);
  await using session = camera.session;
  const { code } = session;
  const { page } = code;
  await code.open('exploding.rnn');
  await code.command('Unroll: Train with This Cell');
  await camera.await({ exploding: 'lag' });
  await ended(session, 'Exploding');
  await camera.figures('exploding', ['lag']);

  await code.open('lstm.rnn');
  await code.command('Unroll: Train with This Cell');
  await ended(session, 'MyLSTM');
  const picture = page
    .frameLocator('iframe.webview[src*="extensionId=unroll.unroll"]')
    .last()
    .frameLocator('iframe#active-frame');
  await code.open('lstm.rnn');
  await page.setViewportSize(medium);
  await code.command('Unroll: Show Graph');
  await picture.locator('#graph svg text').first().waitFor();
  await camera.figures('graph', ['graph'], picture);
  await code.focusLeft();
  await code.command('Unroll: Trace Cell');
  await code.quickInput.input.press('Enter');
  await picture.getByText('With the weights of the model trained on').waitFor();
  await camera.figures('trace', ['c', 'h'], picture);
}

async function takeComparison(): Promise<void> {
  const camera = await start('greenhouse.log', { 'unroll.model.layers': 'LSTM 64' });
  await using session = camera.session;
  const { code, panel } = session;
  await code.command('Unroll: Compare Cells on Current File');
  await code.quickInput.widget.getByText('Elman').first().waitFor();
  await code.quickInput.check('EchoState');
  await code.quickInput.input.fill('');
  await code.page.keyboard.press('Enter');
  await code.quickInput.widget.getByText('Budget of each').waitFor();
  await code.quickInput.input.fill('4 epochs');
  await code.page.keyboard.press('Enter');
  // The fourth row is that of the last cell, from its beginning on.
  await panel.locator('#comparison tbody tr:not(.remark)').nth(3).waitFor({ timeout: 0 });
  camera.seen('cells');
  await camera.await({ reservoir: 'lag' });
  await session.status('ended');
  await code.clearNotifications();
  await camera.figures('cells', ['comparison', 'loss', 'gradient']);
  await camera.figures('reservoir', ['lag', 'strip']);
}

async function takeTags(): Promise<void> {
  const layers = { 'unroll.model.layers': 'both LSTM 32', 'unroll.train.epochs': 20 };
  const camera = await start('sentences.conll', layers);
  await using session = camera.session;
  const { code } = session;
  await code.command('Unroll: Train on Current File');
  await code.quickInput.rows.filter({ hasText: 'Tag tokens' }).waitFor();
  await code.page.keyboard.press('Enter');
  await camera.await({ 'both-directions': 'bothWays' });
  await ended(session, 'sentences.conll');
  await camera.figures('both-directions', ['bothWays']);
}

const parts = { run: takeRun, cells: takeCells, comparison: takeComparison, tags: takeTags };
const only = process.argv.slice(process.argv.indexOf('phenomena') + 1);
const unknown = only.find((name) => !Object.hasOwn(parts, name));
if (unknown !== undefined)
  throw new Error(`There is no part '${unknown}': there are ${Object.keys(parts).join(', ')}.`);
await packageExtension();
for (const [name, take] of Object.entries(parts)) if (only.length === 0 || only.includes(name)) await take();
writeFileSync(join(root, secondsFile), `${JSON.stringify(seconds, null, 2)}\n`);
writeFileSync(join(root, pageFile), markdown(seconds));
process.stdout.write(`${pageFile}\n`);
