// npm run bench -- reading [--files N] [--megabytes N] [--keys N] [--json FILE]
//
// Types into a real VS Code with the packaged extension while the extension reads a folder of 2,000 files to train on, then while it
// reads and counts a file of 10 MB, and in both texts while it reads nothing: how long a key takes until it is drawn, until ghost text
// comes where some comes before the next key, and how late the timers of the extension host are. Fails where the 95 % quantile of a key is
// more than 10 ms later than without reading, a suggestion ever takes half a second, or the extension host is held up for 200 ms.
// VS Code and Chromium are installed where they are missing.
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageExtension, vsix } from '../../scripts/package.ts';
import { startServer } from '../host/server.ts';
import { Workbench } from '../host/workbench.ts';
import { machine } from './machine.ts';
import { atMost, endWith, printRow } from './rows.ts';
import { serverLog } from './texts.ts';

const { values: options } = parseArgs({
  options: {
    files: { type: 'string', default: '2000' },
    megabytes: { type: 'string', default: '10' },
    keys: { type: 'string', default: '80' },
    json: { type: 'string' },
  },
});
const [files, megabytes, keys] = [options.files, options.megabytes, options.keys].map(Number);

/** The milliseconds between two keys. */
const betweenKeys = 150;

/** The bounds in milliseconds. */
const bounds = { later: 10, suggestion: 500, heldUp: 200 };

/** The probe in the extension host writes this each second. */
interface Probed {
  readonly at: number;
  readonly late: readonly number[];
}

/** The page notes this of each key, by the clock of the machine. */
interface Pressed {
  readonly at: number;
  drawn: number | null;
  ghost: number | null;
}

/** Notes in the page when each key goes down, when the lines of the editor next change, and when ghost text is first there. */
const watch = `(() => {
  const now = () => performance.timeOrigin + performance.now();
  window.pressed = [];
  window.addEventListener('keydown', () => window.pressed.push({ at: now(), drawn: null, ghost: null }), true);
  new MutationObserver(() => {
    const last = window.pressed.at(-1);
    if (!last) return;
    if (last.drawn === null) requestAnimationFrame(() => { last.drawn ??= now(); });
    if (last.ghost === null && document.querySelector('.ghost-text-decoration')) last.ghost = now();
  }).observe(document.querySelector('.monaco-editor.focused .view-lines'), {
    subtree: true, childList: true, characterData: true,
  });
})()`;

/** Times in milliseconds. */
interface Times {
  readonly drawn: readonly number[];
  readonly ghost: readonly number[];
  readonly late: readonly number[];
}

const quantile = (values: readonly number[], share: number) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))];

await packageExtension();
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'unroll-bench-')));
const probeFile = join(folder, 'probe.jsonl');
const workspace = join(folder, 'workspace');
mkdirSync(join(workspace, 'many'), { recursive: true });
for (let file = 0; file < files; file++)
  writeFileSync(join(workspace, 'many', `${file}.log`), serverLog(2500, file));
writeFileSync(join(workspace, 'typed.log'), serverLog(20_000));
writeFileSync(join(workspace, 'large.log'), serverLog(1_000_000 * megabytes));
writeFileSync(probeFile, '');
/** The typed text: a log goes on as it has before. */
const typed = serverLog(20_000, 7).split('\n').slice(1).join('\n').slice(0, keys);
const server = await startServer({
  vsix: [vsix],
  env: { PROBE_FILE: probeFile },
  settings: {
    'unroll.completion.untrained': true,
    'unroll.train.seconds': 3600,
    'editor.wordBasedSuggestions': 'off',
  },
});
try {
  const code = await Workbench.open(server, {
    folder: workspace,
    extensionDevelopmentPath: join(import.meta.dirname, 'editorProbe'),
  });
  const status = (of: string) =>
    code.panel('unroll.unroll').locator(`body[data-status=${of}]`).waitFor({ timeout: 0 });

  /** Types at the end of the text that has the keyboard. */
  async function type(name: string, from: number): Promise<Times> {
    await code.page.keyboard.type(typed, { delay: betweenKeys });
    const pressed = (await code.page.evaluate('window.pressed')) as Pressed[];
    // The probe writes what it has seen up to now within a second.
    const until = Date.now();
    let probed: Probed[];
    do {
      await code.page.waitForTimeout(300);
      const lines = readFileSync(probeFile, 'utf8').trim().split('\n').filter(Boolean);
      probed = lines.map((line) => JSON.parse(line));
    } while (!probed.some(({ at }) => at > until));
    const since = (at: (key: Pressed) => number | null) =>
      pressed.flatMap((key) => {
        const then = at(key);
        return then === null ? [] : [then - key.at];
      });
    const times = {
      drawn: since(({ drawn }) => drawn),
      ghost: since(({ ghost }) => ghost),
      late: probed.filter(({ at }) => at > from && at < until + 1500).flatMap(({ late }) => late),
    };
    const say = (values: readonly number[]) =>
      `${quantile(values, 0.95).toFixed(1)} and ${Math.max(...values).toFixed(1)} ms`;
    process.stdout.write(
      `${name}: 95 % quantile and longest: a key until it is drawn ${say(times.drawn)}, ghost text (${times.ghost.length} times) ${say(times.ghost)}, timers late ${say(times.late)} (load ${loadavg()[0].toFixed(1)})\n`,
    );
    return times;
  }

  /** Begins to watch the text that has the keyboard, on a new line at its end. */
  async function prepare(name: string): Promise<void> {
    await code.open(name);
    await code.goToEnd();
    await code.typeUntilSuggested('Jan 01 05:21 INFO session opened for user root by');
    await code.page.keyboard.press('Tab');
    await code.type('\n');
    await code.page.evaluate(watch);
  }

  await prepare('typed.log');
  const quiet = await type('nothing is read', Date.now());

  await code.goToEnd();
  await code.type('\n');
  await code.command('Unroll: Train on Folder …');
  const began = Date.now();
  await code.quickInput.answer('Which files below the folder', 'many/**');
  await code.page.locator('.editor-group-container .monaco-editor.focused').waitFor();
  await code.page.evaluate('window.pressed.length = 0');
  const many = await type(`${files.toLocaleString('en')} files are read`, began);
  await status('running');
  await code.command('Unroll: Stop Training');
  await status('ended');

  await prepare('large.log');
  const quietLarge = await type(`in a file of ${megabytes} MB, nothing is read`, Date.now());
  await code.command('Unroll: Train on Current File');
  const started = Date.now();
  await code.page.locator('.editor-group-container .monaco-editor.focused').waitFor();
  await code.page.evaluate('window.pressed.length = 0');
  const large = await type(`a file of ${megabytes} MB is read and counted`, started);
  await status('running');

  const rows = (
    [
      [`${files} files`, many, quiet],
      [`a file of ${megabytes} MB`, large, quietLarge],
    ] as const
  ).flatMap(([name, { drawn, ghost, late }, without]) => [
    atMost(
      `${name}: p95 of a key until it is drawn, minus that without reading, ms`,
      quantile(drawn, 0.95) - quantile(without.drawn, 0.95),
      bounds.later,
    ),
    atMost(`${name}: the longest wait for ghost text, ms`, Math.max(...ghost), bounds.suggestion),
    atMost(`${name}: the longest that the extension host is held up, ms`, Math.max(...late), bounds.heldUp),
  ]);
  for (const row of rows) printRow(row);
  endWith(rows, options.json, { machine: machine(), rows, results: [], quiet, many, quietLarge, large });
  await code[Symbol.asyncDispose]();
} finally {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
}
