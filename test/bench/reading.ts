// npm run bench -- reading [--files N] [--megabytes N] [--keys N] [--json FILE]
//
// Types into a real VS Code with the packaged extension while the extension reads a folder of 2,000 files to train on, then while it
// reads and counts a file of 10 MB, and in both texts while it reads nothing: how long a key takes until it is drawn, until ghost text
// comes where some comes before the next key, and how late the timers of the extension host are. Fails where the 95 % quantile of a key is
// more than 10 ms later than without reading, a suggestion ever takes half a second or none comes, or the extension host is held up
// for 200 ms.
// VS Code and Chromium are installed where they are missing.
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { machine } from './machine.ts';
import { atMost, endWith, printRow } from './rows.ts';
import { quantile } from './statistics.ts';
import { serverLog } from './texts.ts';
import { type KeyTimes, TimedWindow } from './timedWindow.ts';

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

/** The typed text: a log goes on as it has before. */
const typed = serverLog(20_000, 7).split('\n').slice(1).join('\n').slice(0, keys);

const folder = Array.from({ length: files }, (_, file) => [`many/${file}.log`, serverLog(2500, file)]);
await using window = await TimedWindow.open(
  {
    ...Object.fromEntries(folder),
    'typed.log': serverLog(20_000),
    'large.log': serverLog(1_000_000 * megabytes),
  },
  {
    'unroll.completion.untrained': true,
    'unroll.train.seconds': 3600,
    'editor.wordBasedSuggestions': 'off',
  },
);
const { code } = window;

/** Types at the end of the text that has the keyboard. @param from the time from which on the host's timers count */
async function type(name: string, from: number): Promise<KeyTimes> {
  const times = await window.type(typed, betweenKeys, from);
  const say = (values: readonly number[]) =>
    values.length === 0
      ? 'none'
      : `${quantile(values, 0.95).toFixed(1)} and ${Math.max(...values).toFixed(1)} ms`;
  process.stdout.write(
    `${name}: 95 % quantile and longest: a key until it is drawn ${say(times.drawn)}, ghost text (${times.ghost.length} times) ${say(times.ghost)}, timers late ${say(times.late)} (load ${loadavg()[0].toFixed(1)})\n`,
  );
  return times;
}

/** Returns the largest of some times; NaN, which keeps no bound, where there are none. */
const longest = (times: readonly number[]) => (times.length === 0 ? Number.NaN : Math.max(...times));

/** Begins to watch the text that has the keyboard, on a new line at its end. */
async function prepare(name: string): Promise<void> {
  await code.open(name);
  await code.goToEnd();
  await code.typeUntilSuggested('Jan 01 05:21 INFO session opened for user root by');
  await code.page.keyboard.press('Tab');
  await code.type('\n');
  await window.watch();
}

await prepare('typed.log');
const quiet = await type('nothing is read', Date.now());

await code.goToEnd();
await code.type('\n');
await code.command('Unroll: Train on Folder …');
const began = Date.now();
await code.quickInput.answer('Which files below the folder', 'many/**');
await code.page.locator('.editor-group-container .monaco-editor.focused').waitFor();
const many = await type(`${files.toLocaleString('en')} files are read`, began);
await window.status('running');
await code.command('Unroll: Stop Training');
await window.status('ended');

await prepare('large.log');
const quietLarge = await type(`in a file of ${megabytes} MB, nothing is read`, Date.now());
await code.command('Unroll: Train on Current File');
const started = Date.now();
await code.page.locator('.editor-group-container .monaco-editor.focused').waitFor();
const large = await type(`a file of ${megabytes} MB is read and counted`, started);
await window.status('running');

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
  atMost(`${name}: the longest wait for ghost text, ms`, longest(ghost), bounds.suggestion),
  atMost(`${name}: the longest that the extension host is held up, ms`, longest(late), bounds.heldUp),
]);
for (const row of rows) printRow(row);
endWith(rows, options.json, { machine: machine(), rows, results: [], quiet, many, quietLarge, large });
