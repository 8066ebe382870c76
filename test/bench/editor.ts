// npm run bench -- editor [--rounds N] [--keys N] [--json FILE]
//
// Types into a real VS Code with the packaged extension, in rounds with a training that goes on and in rounds without
// one, which take turns: how late the timers of the extension host are, and how long a keystroke takes until it is drawn
// and until the extension host knows of it. The 95 % quantiles with and without a training are compared, and the median of
// the rounds counts. Where VS Code or Chromium is missing, it is installed.
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageExtension, vsix } from '../../scripts/package.ts';
import { startServer } from '../host/server.ts';
import { Workbench } from '../host/workbench.ts';
import { machine } from './machine.ts';
import { atMost, endWith, printRow } from './rows.ts';
import { median } from './statistics.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    keys: { type: 'string', default: '80' },
    json: { type: 'string' },
  },
});
const [rounds, keys] = [Number(options.rounds), Number(options.keys)];

/** The milliseconds between two keys, as of a fast typist. */
const betweenKeys = 120;

/** The milliseconds by which the 95 % quantiles may differ. */
const bound = 2;

/** What the probe in the extension host writes each second. */
interface Probed {
  readonly at: number;
  readonly late: readonly number[];
  readonly changed: readonly number[];
}

/** What is noted in the page, by the clock of the machine. */
interface Pressed {
  readonly at: number;
  drawn: number | null;
}

/** Notes in the page when each key goes down, and when the lines of the editor next change. */
const watch = `(() => {
  const now = () => performance.timeOrigin + performance.now();
  window.pressed = [];
  window.addEventListener('keydown', () => window.pressed.push({ at: now(), drawn: null }), true);
  new MutationObserver(() => {
    const last = window.pressed.at(-1);
    if (last && last.drawn === null) requestAnimationFrame(() => { last.drawn ??= now(); });
  }).observe(document.querySelector('.monaco-editor.focused .view-lines'), {
    subtree: true, childList: true, characterData: true,
  });
})()`;

const quantile = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(0.95 * values.length)];
const names = [
  'timers of the extension host are late',
  'a key until it is drawn',
  'a key until the extension host knows',
];

await packageExtension();
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'unroll-bench-')));
const probeFile = join(folder, 'probe.jsonl');
const workspace = join(folder, 'workspace');
mkdirSync(workspace);
const text = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
writeFileSync(join(workspace, 'server.log'), text.repeat(10));
writeFileSync(probeFile, '');
const server = await startServer({
  vsix: [vsix],
  env: { PROBE_FILE: probeFile },
  settings: { 'unroll.train.seconds': 3600, 'editor.wordBasedSuggestions': 'off' },
});
try {
  const code = await Workbench.open(server, {
    folder: workspace,
    extensionDevelopmentPath: join(import.meta.dirname, 'editorProbe'),
  });
  const status = (of: string) =>
    code.panel('unroll.unroll').locator(`body[data-status=${of}]`).waitFor({ timeout: 0 });
  await code.open('server.log');
  await code.goToEnd();
  await code.type('\n');
  await code.page.evaluate(watch);

  /** Types a round. @returns the quantile of each of `names` */
  async function round(): Promise<readonly number[]> {
    await code.goToEnd();
    await code.page.evaluate('window.pressed.length = 0');
    const from = Date.now();
    await code.page.keyboard.type('the network reads one token after another and '.repeat(9).slice(0, keys), {
      delay: betweenKeys,
    });
    const pressed = (await code.page.evaluate('window.pressed')) as Pressed[];
    // The probe writes what it has seen up to now within a second.
    const until = Date.now();
    let probed: Probed[];
    do {
      await code.page.waitForTimeout(300);
      const lines = readFileSync(probeFile, 'utf8').trim().split('\n').filter(Boolean);
      probed = lines.map((line) => JSON.parse(line));
    } while (!probed.some(({ at }) => at > until));
    const here = probed.filter(({ at }) => at > from && at < until + 1500);
    const changed = here.flatMap(({ changed }) => changed).filter((at) => at >= pressed[0].at);
    const known = pressed.flatMap(({ at }) => {
      const next = changed.find((change) => change >= at);
      return next === undefined ? [] : [next - at];
    });
    const drawn = pressed.flatMap(({ at, drawn }) => (drawn === null ? [] : [drawn - at]));
    return [here.flatMap(({ late }) => late), drawn, known].map(quantile);
  }

  const measured: Record<'on' | 'off', (readonly number[])[]> = { on: [], off: [] };
  for (let number = 0; number < rounds; number++) {
    await code.focusLeft();
    await code.command('Unroll: Train on Current File');
    await status('running');
    measured.on.push(await round());
    await code.command('Unroll: Stop Training');
    await status('ended');
    measured.off.push(await round());
    const say = (which: 'on' | 'off') =>
      measured[which]
        .at(-1)!
        .map((value) => value.toFixed(1))
        .join(', ');
    process.stdout.write(`round ${number + 1}: with a training ${say('on')} ms; without ${say('off')} ms\n`);
  }
  process.stdout.write(`load ${loadavg()[0].toFixed(1)}\n`);
  const rows = names.map((name, index) => {
    const more = measured.on.map((values, round) => values[index] - measured.off[round][index]);
    const row = atMost(`${name}: p95 with a training minus p95 without, ms`, median(more), bound);
    return { ...row, rounds: more };
  });
  for (const row of rows) printRow(row);
  endWith(rows, options.json, { machine: machine(), rows, results: [], rounds: measured });
  await code[Symbol.asyncDispose]();
} finally {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
}
