// npm start [-- --once] [-- --pictures FOLDER]
// Runs the main use as a user does: VS Code opens on a sample, trains on it, completes it. The steps are
// printed, pictured and animated. Then VS Code stays open for the user; with --once it ends, with a nonzero status if a
// part failed.
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { appears } from '../test/host/quickInput.ts';
import { startServer } from '../test/host/server.ts';
import { root, say } from '../test/host/tools.ts';
import { address, Workbench } from '../test/host/workbench.ts';
import { animatedWebp, type Frame } from './animation.ts';
import { packageExtension, vsix } from './package.ts';

const { values } = parseArgs({
  options: {
    once: { type: 'boolean', default: false },
    pictures: { type: 'string', default: 'out/screenshots' },
  },
});

const sample = 'chart.js';
const epochs = 4;
const settings = {
  // The budget is in epochs and not in seconds, so that a slow or busy machine learns as much.
  'unroll.train.seconds': null,
  'unroll.train.epochs': epochs,
  // The language server's suggestions would hide those of the network.
  'editor.quickSuggestions': { other: 'off' },
  'editor.suggestOnTriggerCharacters': false,
  // VS Code closes no bracket, so that exactly the typed keys stand in the text.
  'editor.autoClosingBrackets': 'never',
  'editor.autoClosingQuotes': 'never',
  'editor.minimap.enabled': false,
};
/** How many lines of the sample are begun, in order to find a suggestion worth showing, and how far each is typed. */
const begun = { lines: 6, characters: 24 };

/** The milliseconds for which a suggestion is awaited after each of these characters, and at the place that is chosen. */
const glance = 500;
const patience = 5_000;

/** The milliseconds between two reports of the losses. */
const reportEvery = 2_000;

const print = (line: string) => process.stdout.write(`${line}\n`);

/** Makes a folder with a real text, a library of a dozen thousand lines. */
function makeWorkspace(): string {
  const folder = mkdtempSync(join(tmpdir(), 'unroll-sample-'));
  copyFileSync(join(root, 'node_modules/chart.js/dist', sample), join(folder, sample));
  mkdirSync(join(folder, '.vscode'));
  writeFileSync(join(folder, '.vscode/settings.json'), JSON.stringify(settings, null, 2));
  return folder;
}

async function picture(code: Workbench, name: string): Promise<void> {
  const path = join(root, values.pictures, `${name}.png`);
  await code.screenshot(path);
  print(`Screenshot: ${relative(process.cwd(), path)}`);
}

/** The frames of the animation, and the width in pixels to which they are scaled. */
const frames: Frame[] = [];
const animationWidth = 1080;

/** The share of the training between two frames. */
const frameShare = 0.07;

/** Keeps what the window shows as a frame of the animation. */
async function frame({ page }: Workbench, milliseconds: number): Promise<void> {
  frames.push({ png: await page.screenshot(), milliseconds });
}

async function writeAnimation({ page }: Workbench): Promise<void> {
  const path = join(root, values.pictures, 'training.webp');
  const empty = await page.context().browser()!.newPage();
  writeFileSync(path, await animatedWebp(empty, frames, animationWidth));
  await empty.close();
  print(`Animation: ${relative(process.cwd(), path)}`);
}

type Panel = ReturnType<Workbench['panel']>;

/** Returns the figures that the panel shows, by name. */
async function readFigures(panel: Panel): Promise<Record<string, string>> {
  const texts = await panel.locator('#figures').locator('dt, dd').allInnerTexts();
  return Object.fromEntries(texts.flatMap((name, i) => (i % 2 === 0 ? [[name, texts[i + 1]]] : [])));
}

/** Prints the losses as they fall, until the run is over. */
async function watchTraining(code: Workbench, panel: Panel): Promise<void> {
  const losses: number[] = [];
  let framed = 0;
  async function report(): Promise<void> {
    const figures = await readFigures(panel);
    if (!figures.training) return;
    losses.push(Number.parseFloat(figures.training));
    const share = Number.parseFloat(figures.epoch) / epochs;
    if (share - framed >= frameShare) {
      framed = share;
      await frame(code, 300);
    }
    const shown = ['training', 'validation', 'steps', 'speed', 'time left'].filter((name) => figures[name]);
    print(shown.map((name) => `${name} ${figures[name]}`).join('   '));
  }

  const status = (name: string) => panel.locator(`body[data-status=${name}]`);
  const ended = status('ended').or(status('failed')).waitFor({ timeout: 0 });
  const over = ended.then(() => true);
  while (!(await Promise.race([over, setTimeout(reportEvery, false)]))) await report();
  await report();

  const summary = await panel.locator('#summary').innerText();
  if (await status('failed').isVisible()) throw new Error(summary);
  print(summary);
  const [first, last] = [losses[0], losses.at(-1)];
  if (!(last! < first!))
    throw new Error(`The loss did not fall: ${first} bpc at first, ${last} bpc at last.`);
}

/** Returns the beginnings of lines that are spread evenly over a text, each once. */
function beginnings(text: string): string[] {
  const lines = [...new Set(text.split('\n').map((each) => each.trim()))].filter(
    (each) => each.length >= 1.5 * begun.characters && /^[a-z]/i.test(each),
  );
  return Array.from({ length: begun.lines }, (_, index) => {
    const line = lines[Math.floor(((index + 0.5) * lines.length) / begun.lines)];
    return line.slice(0, begun.characters);
  });
}

/** Erases the line at the cursor. */
async function eraseLine(code: Workbench): Promise<void> {
  for (const key of ['Escape', 'Shift+Home', 'Delete']) await code.page.keyboard.press(key);
  await code.ghost.first().waitFor({ state: 'hidden' });
}

/**
 * Begins lines of the text one after the other, on the same empty line.
 * @returns where each was when its longest suggestion came, the longest first: how long one is, the model decides by how
 * sure it is
 */
async function likeliestBeginnings(code: Workbench, text: string): Promise<string[]> {
  const found: { readonly typed: string; readonly length: number }[] = [];
  for (const line of beginnings(text)) {
    let best = { typed: '', length: 0 };
    for (let length = 1; length <= line.length; length++) {
      await code.type(line[length - 1]);
      if (!(await appears(code.ghost.first(), glance))) continue;
      const suggestion = await code.ghostText();
      if (suggestion.length > best.length) best = { typed: line.slice(0, length), length: suggestion.length };
    }
    if (best.length > 0) found.push(best);
    await eraseLine(code);
  }
  return found.sort((a, b) => b.length - a.length).map(({ typed }) => typed);
}

/** Types the first of these beginnings at which something is suggested. @returns what is typed */
async function typeUntilSuggested(code: Workbench, places: readonly string[]): Promise<string> {
  for (const typed of places) {
    const before = frames.length;
    for (const letter of typed) {
      await code.type(letter);
      await frame(code, 120);
    }
    if (await appears(code.ghost.first(), patience)) return typed;
    // What was typed since is remembered, so that a suggestion that was found before may not come again.
    frames.length = before;
    await eraseLine(code);
  }
  throw new Error('Nothing was suggested at the beginnings of lines.');
}

async function demonstrate(code: Workbench, folder: string): Promise<void> {
  const path = join(folder, sample);
  await code.tab(sample).waitFor();
  // Without the side bar there is room for text and panel.
  await code.page.keyboard.press('ControlOrMeta+B');
  const text = readFileSync(path, 'utf8');
  print(`'Unroll: Train on Current File' on ${sample} (${text.length} characters)`);
  await code.command('Unroll: Train on Current File');
  await watchTraining(code, code.panel('unroll.unroll'));
  await frame(code, 1_200);

  await code.goToEnd();
  await code.page.keyboard.press('Enter');
  const typed = await typeUntilSuggested(code, await likeliestBeginnings(code, text));
  await picture(code, 'dark');
  await frame(code, 2_000);
  const suggestion = await code.ghostText();
  print(`Typed '${typed}', suggested '${suggestion}'`);
  await code.page.keyboard.press('Tab');
  await code.save();
  if (!readFileSync(path, 'utf8').endsWith(typed + suggestion))
    throw new Error('Tab did not put the suggestion into the text.');
  print('Tab accepted it.');
  await frame(code, 2_000);
  await writeAnimation(code);
  await code.command('Unroll: Show Surprise');
  // The status bar shows an eye once the whole visible text has been read.
  await code.statusBar
    .getByText(/Surprise \d/)
    .locator('.codicon-eye')
    .waitFor();
  await picture(code, 'surprise');
  await code.command('Unroll: Show Surprise');
  await code.setTheme('light');
  await picture(code, 'light');
}

const folder = makeWorkspace();
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130));

try {
  await packageExtension();
  await using server = await startServer({
    vsix: [vsix],
    settings: { 'workbench.colorTheme': 'Dark Modern' },
  });
  {
    await using code = await Workbench.open(server, { folder, file: join(folder, sample) });
    try {
      await demonstrate(code, folder);
    } catch (error) {
      await picture(code, 'failure');
      throw error;
    }
  }
  if (!values.once) {
    print(`\nVS Code stays open at ${address(server, { folder })}\nCtrl+C ends it.`);
    await server.ended;
  }
} catch (error) {
  say((error as Error).message);
  process.exitCode = 1;
}
