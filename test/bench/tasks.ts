// npm run bench -- tasks [--json FILE] [--only TEXT]…
//
// Measures what tasks reach, each as a row of a name, a value and the bound that it has to keep. The exit code is 1 where one
// falls short. Networks are trained and applied by the command line, as a user does it.
//
// --only temporal    only rows whose name has this in it
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { atLeast, atMost, endWith, printRow, type Row } from './rows.ts';
import { additions } from './tasks/additions.ts';
import { writeBrown } from './tasks/brown.ts';
import { writtenDates } from './tasks/dates.ts';
import { fastTextOn, membersOn } from './tasks/languageContenders.ts';
import { languages, languageTable } from './tasks/languages.ts';
import { pairSpeed } from './tasks/pairs.ts';
import { pronunciations } from './tasks/pronunciations.ts';
import { sequenceSpeed } from './tasks/sequences.ts';
import { allowed, temporalOrderTable, tried } from './tasks/temporalOrder.ts';

const { values: options } = parseArgs({
  options: { json: { type: 'string' }, only: { type: 'string', multiple: true } },
});
const root = fileURLToPath(new URL('../../', import.meta.url));
const cli = join(root, 'out', 'cli.cjs');
const folder = join(root, 'out', 'bench');

/** The result of `unroll train --json`, as far as it is read. */
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

/** The characters of a sentence's beginning that are tested by themselves. */
const beginning = 20;

/** Trains on nine sentences in ten, and names the languages of the others, whole and cut, as fastText does. */
async function languageIdentification(): Promise<Row[]> {
  const { train: learned, test } = languages(folder);
  const model = join(folder, 'languages');
  train(
    ...[write('languages.jsonl', languageTable(learned)), '--reads', 'text', '--writes', 'language'],
    ...['--seconds', '60', '--seed', '1', '--threads', '2', '--out', model],
  );
  const cut = test.map(({ text, language }) => ({ text: text.slice(0, beginning), language }));
  const tests = [
    { name: `${test.length} other sentences`, sentences: test, bound: 0.978 },
    { name: `their first ${beginning} characters`, sentences: cut, bound: 0.812 },
  ];
  const fastText = fastTextOn(
    folder,
    learned,
    tests.map(({ sentences }) => sentences),
  );
  const rows: Row[] = [];
  for (const [index, { name, sentences, bound }] of tests.entries()) {
    const asked = write('languages-test.jsonl', languageTable(sentences, false));
    const named = unroll('apply', model, asked).split('\n');
    const right = sentences.filter(({ language }, row) => JSON.parse(named[row]).language === language);
    const { network, ngrams } = await membersOn(model, sentences);
    const theirs = fastText?.[index];
    const beside = theirs === undefined ? '' : `, fastText ${theirs.toFixed(3)}`;
    rows.push(
      atLeast(
        `language identification: accuracy on ${name} after ${learned.length}, in 60 s (network alone ${network.toFixed(3)}, n-grams alone ${ngrams.toFixed(3)}${beside})`,
        right.length / sentences.length,
        theirs ?? bound,
      ),
    );
  }
  return rows;
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

interface TextPair {
  readonly source: string;
  readonly target: string;
}

/** Writes a table of texts; without targets where they are asked for. */
const writePairs = (name: string, pairs: readonly TextPair[], hasTargets = true): string =>
  write(
    name,
    ['source\ttarget', ...pairs.map(({ source, target }) => `${source}\t${hasTargets ? target : ''}`)].join(
      '\n',
    ),
  );

/** Trains an encoder-decoder, and returns the share of other texts that it rewrites exactly. */
function rewriting(
  name: string,
  parts: {
    readonly train: readonly TextPair[];
    readonly validation: readonly TextPair[] | null;
    readonly test: readonly TextPair[];
  },
  how: readonly string[],
): number {
  const model = join(folder, name);
  const heldOut = parts.validation && writePairs(`${name}-validation.tsv`, parts.validation);
  train(
    ...[writePairs(`${name}.tsv`, parts.train), '--task', 'encoder-decoder', '--seed', '1', '--out', model],
    ...['--reads', 'source', '--writes', 'target', ...(heldOut ? ['--held-out', heldOut] : []), ...how],
  );
  const written = unroll('apply', model, writePairs(`${name}-test.tsv`, parts.test, false))
    .split('\n')
    .slice(1);
  const right = parts.test.filter(({ source, target }, row) => written[row] === `${source}\t${target}`);
  return right.length / parts.test.length;
}

function dates(): Row[] {
  const pairs = (count: number, seed: number) =>
    writtenDates(count, seed).map(({ written, iso }) => ({ source: written, target: iso }));
  const parts = { train: pairs(5000, 1), validation: null, test: pairs(1000, 2) };
  const exact = rewriting('dates', parts, ['--seconds', '60', '--threads', '2']);
  return [atLeast('dates in 12 spellings as ISO: exact on 1,000 others after 5,000, in 60 s', exact, 0.995)];
}

/** Each with 128 units on both sides, the numbers unreversed: with attention in a quarter of the epochs. */
function addition(): Row[] {
  const pairs = (count: number, seed: number, without: Parameters<typeof additions>[2] = []) =>
    additions(count, seed, without);
  const all = pairs(45_000, 1);
  const others = pairs(5000, 2, all);
  const asPairs = (of: typeof all) => of.map(({ sum, result }) => ({ source: sum, target: result }));
  const parts = {
    train: asPairs(all),
    validation: asPairs(others.slice(0, 1000)),
    test: asPairs(others.slice(1000)),
  };
  const measure = (cell: string, epochs: number) => {
    const network = write(
      `addition-${cell}.rnn`,
      `model\n  encoder = LSTM 128\n  layers = ${cell} 128\n  dropout = 0\n\ntrain\n  batch = 128\n  learningRate = 0.004\n  patience = none\n`,
    );
    const how = ['--cell', network, '--epochs', `${epochs}`, '--threads', '2'];
    return atLeast(
      `addition of numbers of three digits, ${cell} 128: exact on 4,000 others after 45,000, ${epochs} epochs`,
      rewriting(`addition-${cell}`, parts, how),
      0.99,
    );
  };
  return [measure('AdditiveAttention', 25), measure('DecoderLSTM', 100)];
}

async function graphemes(): Promise<Row[]> {
  const { train: learned, validation, test } = await pronunciations(folder);
  const asPairs = (of: typeof learned) =>
    of.map(({ word, phonemes }) => ({ source: word, target: phonemes }));
  const parts = { train: asPairs(learned), validation: asPairs(validation), test: asPairs(test) };
  const exact = rewriting('pronunciations', parts, ['--seconds', '600', '--threads', '2']);
  return [
    atMost(
      `graphemes to phonemes: word error rate on ${test.length} words after ${learned.length}, in 600 s`,
      1 - exact,
      0.34,
    ),
  ];
}

mkdirSync(folder, { recursive: true });
const measures: Readonly<Record<string, () => Row[] | Promise<Row[]>>> = {
  'temporal order': temporalOrder,
  'language identification': languageIdentification,
  tagging,
  dates,
  addition,
  'graphemes to phonemes': graphemes,
  'bidirectional LSTM': sequenceSpeed,
  'encoder-decoder': pairSpeed,
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
