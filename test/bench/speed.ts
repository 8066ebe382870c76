// npm run bench -- [--json FILE] [--only TEXT]… [--quick | --full] [--rounds N]
//
// Measures tokens per second of this extension's engine, TensorFlow.js's layers and PyTorch (where python3
// has torch), on the same networks: 96 symbols, batch 50, unroll 50, Adam, clipping. Each contender is a
// process that waits between its rounds; rounds go around all contenders of a network, so that whatever else
// the machine does affects all of them, and medians are compared. The exit code is 1 where a ratio falls short.
//
// --only lstm-2-128    only networks whose name has this in it; --quick is that one, --full is all of them, in fewer
//                      and shorter rounds
// --json FILE          writes the machine, the rows and every round; `npm run bench -- compare` compares two such files
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Contender, contenders, plainLstm, python, pytorchThreads, startAll } from './contenders.ts';
import { machine } from './machine.ts';
import { type Network, nameOf, networks } from './networks.ts';
import type { Share } from './peak.ts';
import { atLeast, atMost, endWith, printRow, type Row } from './rows.ts';
import { median } from './statistics.ts';

/** The figures that a contender reached on a network. Every list has a value for each round. */
export interface Result extends Network {
  readonly engine: string;
  readonly threads: number;
  readonly tokensPerSecond: readonly number[];
  readonly tokensPerCpuSecond: readonly number[];
  readonly megabytes: number;
}

const { values: options } = parseArgs({
  options: {
    json: { type: 'string' },
    only: { type: 'string', multiple: true },
    quick: { type: 'boolean' },
    full: { type: 'boolean' },
    rounds: { type: 'string' },
  },
});
const rounds = Number(options.rounds ?? (options.full ? 5 : 9));
/** The duration of a round, which trains until it is over. */
const milliseconds = options.full ? 200 : 300;
const only = options.only ?? (options.quick ? ['lstm-2-128'] : options.full ? [''] : ['-2-128', 'lstm-2-64']);

async function measure(network: Network): Promise<Result[]> {
  const all: Contender[] = [];
  try {
    const { own, others } = contenders(network);
    await startAll(all, own, 1);
    await startAll(all, others, availableParallelism());
    for (let round = 0; round < rounds; round++)
      for (const contender of all) {
        // One step of TensorFlow.js may take as long as all rounds of the others: it is measured at least
        // once, and not again while it has taken more than twice as long as they have.
        if (contender.measured <= 2 * milliseconds * round) await contender.round(milliseconds);
      }
    return all.map(({ engine, threads, rounds }) => ({
      engine: engine === plainLstm ? engine : (rounds[0].engine ?? engine),
      ...network,
      threads,
      tokensPerSecond: rounds.map((round) => Math.round(round.tokensPerSecond)),
      tokensPerCpuSecond: rounds.map((round) => Math.round(round.tokensPerCpuSecond)),
      megabytes: Math.round(Math.max(...rounds.map((round) => round.megabytes))),
    }));
  } finally {
    for (const contender of all) contender.stop();
  }
}

const say = (line: string) => process.stdout.write(`${line}\n`);
const rows: Row[] = [];
function claim(row: Row): void {
  rows.push(row);
  printRow(row);
}

const gigaflops = (perSecond: number): string => (perSecond / 1e9).toFixed(1);

/** Runs a script of this folder that prints JSON. */
function figures<Figures>(script: string): Figures {
  const file = fileURLToPath(new URL(script, import.meta.url));
  return JSON.parse(spawnSync(process.execPath, [file], { encoding: 'utf8' }).stdout);
}

const here = machine();
say(`${here.processor}, ${here.cores} cores, ${here.gigabytes} GB, ${here.system}, Node ${here.node}`);
const shares = figures<readonly Share[]>('peak.ts');
for (const { build, isWide, units, peak, products } of shares) {
  const bits = isWide ? 256 : 128;
  const of = `${gigaflops(products)} of ${gigaflops(peak)} GFLOP/s, ${build}`;
  claim(
    atLeast(
      `matrix products of ${units} units: share of a core's peak on vectors of ${bits} bits (${of})`,
      products / peak,
      0.8,
    ),
  );
}
/** The peak of a core on vectors of 128 bits. */
const peak = Math.max(...shares.filter(({ isWide }) => !isWide).map((share) => share.peak));
/** Whether PyTorch is there, with a BLAS that a ratio over it can be claimed of. */
const hasPytorch = findPytorch();
const memory = figures<{ empty: number; peak: number }>('memory.ts');
claim(
  atMost(
    'peak memory of the trainer, LSTM 2×128, 2 threads, MB over an empty process',
    memory.peak - memory.empty,
    150,
  ),
);

function findPytorch(): boolean {
  if (!python) {
    say('PyTorch is not measured: no python3 here has torch (Debian: python3-torch).');
    return false;
  }
  const file = fileURLToPath(new URL('pytorchProducts.py', import.meta.url));
  const { stdout } = spawnSync(python, [file], {
    encoding: 'utf8',
    env: { ...process.env, ...pytorchThreads(1) },
  });
  const reached = Number(stdout);
  say(`matrix products (PyTorch): ${gigaflops(reached)} GFLOP/s`);
  if (reached >= peak / 4) return true;
  say('PyTorch has a slow BLAS here, so that nothing is claimed over it (Debian: libopenblas0-pthread).');
  return false;
}

const results: Result[] = [];
for (const network of networks(only)) {
  const measured = await measure(network);
  results.push(...measured);
  say(`\n${nameOf(network)}`);
  for (const { engine, threads, tokensPerSecond, tokensPerCpuSecond, megabytes } of measured)
    say(
      `  ${engine.padEnd(18)} ${threads} thread${threads > 1 ? 's' : ' '} ${String(median(tokensPerSecond)).padStart(8)} tokens/s ${String(median(tokensPerCpuSecond)).padStart(8)} per CPU second ${megabytes} MB`,
    );
}

/** Claims the ratio of two results that were measured together, where both were. */
function compare(name: string, above: Partial<Result>, below: Partial<Result>, bound: number): void {
  const best = (wanted: Partial<Result>) =>
    Math.max(
      ...results
        .filter((result) =>
          Object.entries(wanted).every(([key, value]) => result[key as keyof Result] === value),
        )
        .map(({ tokensPerSecond }) => median(tokensPerSecond)),
    );
  const [ours, theirs] = [best(above), best(below)];
  // The largest of no numbers is no number.
  if (Number.isFinite(ours) && Number.isFinite(theirs)) claim(atLeast(name, ours / theirs, bound));
}

say('');
for (const network of networks(only)) {
  const { cell, layers, hidden } = network;
  const own = { ...network, engine: 'unroll', threads: 2 };
  const wide = { ...network, engine: 'unroll-wide' };
  const layersOfTfjs = { ...network, engine: 'tfjs-layers-wasm' };
  const cellsInTfjs = { ...network, engine: 'tfjs-cells-wasm' };
  const name = nameOf(network);
  if (hasPytorch) {
    const pytorch = { ...network, engine: 'pytorch' };
    const narrowBound = cell !== 'elman' && layers === 2 && hidden === 128 ? 1.5 : 1;
    compare(`${name}: without wide vectors, over PyTorch's best`, own, pytorch, narrowBound);
    compare(`${name}: with wide vectors, over PyTorch's best`, wide, pytorch, cell === 'elman' ? 1 : 1.8);
  }
  compare(`${name}: over TensorFlow.js's layers`, own, layersOfTfjs, 10);
  compare(`${name}: cells in TensorFlow.js over its own layers`, cellsInTfjs, layersOfTfjs, 1);
  if (cell !== 'lstm-peephole') compare(`${name}: 2 threads over 1`, own, { ...own, threads: 1 }, 1.8);
}
// A peephole is a multiplication of vectors: what a token costs in matrix products is the same.
const peephole = { cell: 'lstm-peephole', layers: 2, hidden: 128 };
compare(
  'LSTM with peepholes over the plain one',
  { ...peephole, engine: 'unroll', threads: 2 },
  { ...peephole, engine: plainLstm },
  0.85,
);
endWith(rows, options.json, { machine: here, rows, results });
