// npm run bench -- editor [--rounds N] [--keys N] [--json FILE]
//
// Types into a real VS Code with the packaged extension, in rounds with a training that goes on and in rounds without
// one, which take turns: how late the timers of the extension host are, and how long a keystroke takes until it is drawn
// and until the extension host knows of it. The 95 % quantiles with and without a training are compared, and the median of
// the rounds counts. Where VS Code or Chromium is missing, it is installed.
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { machine } from './machine.ts';
import { atMost, endWith, printRow } from './rows.ts';
import { median, quantile } from './statistics.ts';
import { TimedWindow } from './timedWindow.ts';

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

const names = [
  'timers of the extension host are late',
  'a key until it is drawn',
  'a key until the extension host knows',
];

/** The typed text. */
const typed = 'the network reads one token after another and '.repeat(9).slice(0, keys);

const text = readFileSync(new URL('../../README.md', import.meta.url), 'utf8').repeat(10);
await using window = await TimedWindow.open(
  { 'server.log': text },
  { 'unroll.train.seconds': 3600, 'editor.wordBasedSuggestions': 'off' },
);
const { code } = window;
await code.open('server.log');
await code.goToEnd();
await code.type('\n');
await window.watch();

/** Types a round. @returns the 95 % quantile of each of `names` */
async function round(): Promise<readonly number[]> {
  await code.goToEnd();
  const { late, drawn, known } = await window.type(typed, betweenKeys);
  return [late, drawn, known].map((times) => quantile(times, 0.95));
}

const measured: Record<'on' | 'off', (readonly number[])[]> = { on: [], off: [] };
for (let number = 0; number < rounds; number++) {
  await code.focusLeft();
  await code.command('Unroll: Train on Current File');
  await window.status('running');
  measured.on.push(await round());
  await code.command('Unroll: Stop Training');
  await window.status('ended');
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
