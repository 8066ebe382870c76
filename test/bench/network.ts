// npm run bench -- network [--full] [--seed S] [--json FILE] [FILE…]
//
// Trains the default network for 10 and for 60 seconds on texts of several kinds, and beside it what the default was before: two
// LSTM layers of 128 for 60 seconds, whose input matrices begin in Glorot's limit, with a warm-up of 50 updates and without
// dropout. Compares the networks alone, by their validation loss, in the mean of the ratios over the texts. Fails where that is
// more than 1 after 10 seconds, or more than 0.75 after 60. Two minutes and a quarter a text, which are three of this project's
// own without --full, and with it all; named files join them.
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { builtinCells } from '../../src/cells/index.ts';
import { train } from './asInEditor.ts';
import { machine } from './machine.ts';
import { atMost, endWith, printRow } from './rows.ts';
import { ownTexts, type Text, textsOf } from './texts.ts';

const { values: options, positionals: files } = parseArgs({
  allowPositionals: true,
  options: {
    full: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    json: { type: 'string' },
  },
});

/** The texts that are trained on without `--full`. */
const few: readonly string[] = ['chart.js', 'server log', 'READMEs'];

/** The former default: Glorot's limit for a hundred characters, as docs/decisions/default-network.md has it. */
const former = `${builtinCells.get('LSTM')}
  init W_f, W_i, W_o, W_g = uniform(0.16)

model
  layers = LSTM 128, LSTM 128
  dropout = 0

train
  warmup = 50
`;

const budgets = { short: 10, long: 60 } as const;

/** Trains on a text. @returns the validation loss of the network alone, in bits per character */
async function lossOf(text: string, seconds: number, definition: string | null): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'unroll-bench-'));
  const settings = { 'train.seconds': seconds, 'train.seed': Number(options.seed) };
  const training = train(text, directory, settings, definition);
  try {
    const { validationLoss } = await training.done;
    if (validationLoss === null) throw new Error('The text is too short for a held-out part.');
    return validationLoss;
  } finally {
    await training.kill();
    rmSync(directory, { recursive: true, force: true });
  }
}

interface Result {
  readonly name: string;
  readonly characters: number;
  readonly short: number;
  readonly long: number;
  readonly former: number;
}

async function measure({ name, text }: Text): Promise<Result> {
  const result = {
    name,
    characters: text.length,
    short: await lossOf(text, budgets.short, null),
    long: await lossOf(text, budgets.long, null),
    former: await lossOf(text, budgets.long, former),
  };
  process.stdout.write(
    `${name}: ${result.short.toFixed(3)} after ${budgets.short} s, ${result.long.toFixed(3)} after ${budgets.long} s; LSTM ${result.former.toFixed(3)} (load ${loadavg()[0].toFixed(1)})\n`,
  );
  return result;
}

const own = ownTexts().filter(({ name }) => options.full || few.includes(name));
const results: Result[] = [];
for (const text of [...own, ...textsOf(files)]) results.push(await measure(text));
const mean = (of: (result: Result) => number) =>
  results.reduce((sum, each) => sum + of(each), 0) / results.length;
const rows = (
  [
    ['short', 1],
    ['long', 0.75],
  ] as const
).map(([budget, bound]) =>
  atMost(
    `validation loss of the network alone after ${budgets[budget]} s, over LSTM 128, 128 after ${budgets.long} s`,
    mean((result) => result[budget] / result.former),
    bound,
  ),
);
for (const row of rows) printRow(row);
endWith(rows, options.json, { machine: machine(), rows, results });
