// npm start [-- --once] [-- --pictures FOLDER]
// Runs the main use as a user does: VS Code opens on a sample, trains on it, completes it. The steps are
// printed and pictured. Then VS Code stays open for the user; with --once it ends, with a nonzero status if a
// part failed.
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startServer } from '../test/host/server.ts';
import { root, say } from '../test/host/tools.ts';
import { address, Workbench } from '../test/host/workbench.ts';
import { packageExtension, vsix } from './package.ts';

const { values } = parseArgs({
  options: {
    once: { type: 'boolean', default: false },
    pictures: { type: 'string', default: 'out/screenshots' },
  },
});

const sample = 'chart.js';
const settings = {
  // The budget is in epochs and not in seconds, so that a slow or busy machine learns as much.
  'unroll.train.seconds': null,
  'unroll.train.epochs': 4,
  // The language server's suggestions would hide those of the network.
  'editor.quickSuggestions': { other: 'off' },
  'editor.suggestOnTriggerCharacters': false,
};
/** A line like many of the sample's; it is typed until something is suggested. */
const line = 'const value = this.options.display; return this.chart.options';

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

type Panel = ReturnType<Workbench['panel']>;

/** Returns the figures that the panel shows, by name. */
async function readFigures(panel: Panel): Promise<Record<string, string>> {
  const texts = await panel.locator('#figures').locator('dt, dd').allInnerTexts();
  return Object.fromEntries(texts.flatMap((name, i) => (i % 2 === 0 ? [[name, texts[i + 1]]] : [])));
}

/** Prints the losses as they fall, until the run is over. */
async function watchTraining(panel: Panel): Promise<void> {
  const losses: number[] = [];
  async function report(): Promise<void> {
    const figures = await readFigures(panel);
    if (!figures.training) return;
    losses.push(Number.parseFloat(figures.training));
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

async function demonstrate(code: Workbench, folder: string): Promise<void> {
  const path = join(folder, sample);
  await code.tab(sample).waitFor();
  print(`'Unroll: Train on Current File' on ${sample} (${readFileSync(path, 'utf8').length} characters)`);
  await code.command('Unroll: Train on Current File');
  await watchTraining(code.panel('unroll.unroll'));

  await code.goToEnd();
  await code.page.keyboard.press('Enter');
  const { typed, suggestion } = await code.typeUntilSuggested(line);
  print(`Typed '${typed}', suggested '${suggestion}'`);
  await picture(code, 'dark');
  await code.page.keyboard.press('Tab');
  await code.save();
  if (!readFileSync(path, 'utf8').endsWith(typed + suggestion))
    throw new Error('Tab did not put the suggestion into the text.');
  print('Tab accepted it.');
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
