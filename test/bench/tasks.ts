// npm run bench -- tasks [--json FILE] [--only TEXT]…
//
// What tasks reach, each as a row of a name, a value and the bound that it has to keep. The exit code is 1 where one
// falls short. Networks are trained and applied by the command line, as a user does it.
//
// --only temporal    only rows whose name has this in it
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { atLeast, atMost, endWith, printRow, type Row } from './rows.ts';
import { writeBrown } from './tasks/brown.ts';
import { writeLanguages } from './tasks/languages.ts';
import { sequenceSpeed } from './tasks/sequences.ts';
import { allowed, temporalOrderTable, tried } from './tasks/temporalOrder.ts';

const { values: options } = parseArgs({
  options: { json: { type: 'string' }, only: { type: 'string', multiple: true } },
});
const root = fileURLToPath(new URL('../../', import.meta.url));
const cli = join(root, 'out', 'cli.cjs');
const folder = join(root, 'out', 'bench');

/** What `unroll train --json` ends with, as far as it is read. */
interface Report {
  readonly metric: { readonly value: number };
  readonly metrics: Readonly<Record<string, number>>;
  readonly baselines: readonly { readonly name: string; readonly value: number }[];
  readonly rows: { readonly train: number; readonly heldOut: number };
}

const unroll = (...args: string[]): string =>
  execFileSync(process.execPath, [cli, ...args], {
    encoding: 'utf8',
    maxBuffer: 1e9,
    stdio: ['ignore', 'pipe', 'ignore'],
  });

const train = (...args: string[]): Report => JSON.parse(unroll('train', ...args, '--json'));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/**
 * The cell's gates begin almost shut for what is new and open for what is kept, so that a memory of a hundred steps
 * need not be found first (Tallec & Ollivier 2018).
 */
const temporalOrderNetwork = `cell SlowLSTM
  f[t] = σ(W_f x[t] + U_f h[t-1] + b_f)
  i[t] = σ(W_i x[t] + U_i h[t-1] + b_i)
  o[t] = σ(W_o x[t] + U_o h[t-1] + b_o)
  g[t] = tanh(W_g x[t] + U_g h[t-1] + b_g)
  c[t] = f[t] * c[t-1] + i[t] * g[t]
  h[t] = o[t] * tanh(c[t])
  init b_f = 3
  init b_i = -3

model
  layers = SlowLSTM 24
  pool = last

train
  batch = 10
  learningRate = 0.02
  threshold = 1
  patience = none

task
  reads = text
  writes = label
`;

function temporalOrder(): Row[] {
  const passes = 3;
  const table = write('temporal-order.tsv', temporalOrderTable(Math.floor(allowed / passes), 1));
  // The best state is chosen on other sequences than those that it is tried on in the end.
  const chosenOn = write('temporal-order-validation.tsv', temporalOrderTable(500, 2));
  const network = write('temporal-order.rnn', temporalOrderNetwork);
  const model = join(folder, 'temporal-order');
  const { rows } = train(
    ...[table, '--cell', network, '--held-out', chosenOn],
    ...['--epochs', `${passes}`, '--seed', '1', '--out', model],
  );
  const [header, ...lines] = temporalOrderTable(tried, 3).split('\n');
  const unlabelled = lines.map((line) => line.replace(/.$/, ''));
  const asked = write('temporal-order-test.tsv', [header, ...unlabelled].join('\n'));
  const answered = unroll('apply', model, asked).split('\n').slice(1);
  const right = lines.filter((line, index) => line === answered[index]).length;
  return [
    atLeast('temporal order 6a: test sequences that are right', right, tried),
    atMost('temporal order 6a: sequences trained on', rows.train * passes, allowed),
  ];
}

function languages(): Row[] {
  const { metric, rows } = train(
    ...[writeLanguages(folder), '--reads', 'text', '--writes', 'language'],
    ...['--seconds', '60', '--seed', '1', '--out', join(folder, 'languages')],
  );
  return [
    atLeast(
      `language identification: accuracy on ${rows.heldOut} held-out rows after ${rows.train}, in 60 s`,
      metric.value,
      0.978,
    ),
  ];
}

/** Trains for five minutes on two cores, and measures the sentences that follow. */
function tagging(): Row[] {
  const files = writeBrown(folder);
  const { metric, metrics, baselines, rows } = train(
    ...[files.train, '--task', 'transducer', '--held-out', files.test, '--seconds', '300', '--seed', '1'],
    ...['--threads', '2', '--engine', 'wide', '--out', join(folder, 'brown', 'tagger')],
  );
  const sentence = metrics['sentence accuracy'].toFixed(3);
  const [{ name, value }] = baselines;
  return [
    atLeast(
      `tagging: accuracy by token on ${rows.heldOut} sentences of Brown's news after ${rows.train}, in 300 s (by sentence ${sentence}; ${name} ${value.toFixed(4)})`,
      metric.value,
      0.945,
    ),
  ];
}

mkdirSync(folder, { recursive: true });
const measures: Readonly<Record<string, () => Row[] | Promise<Row[]>>> = {
  'temporal order': temporalOrder,
  'language identification': languages,
  tagging,
  'bidirectional LSTM': sequenceSpeed,
};
const rows: Row[] = [];
for (const [name, measure] of Object.entries(measures)) {
  if (options.only && !options.only.some((text) => name.includes(text))) continue;
  for (const row of await measure()) {
    rows.push(row);
    printRow(row);
  }
}
endWith(rows, options.json);
