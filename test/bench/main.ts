// npm run bench -- [--json FILE] [--only TEXT]… [--quick | --full] [--rounds N]
// npm run bench -- exchange: see exchange.ts
// npm run bench -- tasks: see tasks.ts
//
// Measures tokens per second of this extension's engine, TensorFlow.js's layers and PyTorch (where python3
// has torch), on the same networks: 96 symbols, batch 50, unroll 50, Adam, clipping. Each contender is a
// process that waits between its rounds; rounds go around all contenders of a network, so that whatever else
// the machine does affects all of them, and medians are compared.
//
// --only lstm-2-128    only networks whose name has this in it; --quick is that one, --full is all of them, in fewer
//                      and shorter rounds: under five minutes on a machine that does nothing else
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median } from './statistics.ts';

const kinds: Readonly<Record<string, string>> = { exchange: 'exchange.ts', tasks: 'tasks.ts' };
const [, , kind] = process.argv;
if (kind !== undefined && Object.hasOwn(kinds, kind)) {
  const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
  const root = here('../../');
  const run = (...args: string[]) =>
    spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1;
  const loader = `--import=${new URL('../soak/rnnLoader.ts', import.meta.url)}`;
  process.exit(run('esbuild.js') || run(loader, here(kinds[kind]), ...process.argv.slice(3)));
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

interface Network {
  readonly cell: string;
  readonly layers: number;
  readonly hidden: number;
}

interface Result extends Network {
  readonly engine: string;
  readonly threads: number;
  readonly tokensPerSecond: number;
  /** The tokens per second of processor time, which stay the same when others use the machine. */
  readonly tokensPerCpuSecond: number;
  readonly megabytes: number;
}

interface Round {
  readonly tokensPerSecond: number;
  readonly tokensPerCpuSecond: number;
  readonly megabytes: number;
  readonly firstStepMilliseconds?: number;
  readonly engine?: string;
}

const nameOf = ({ cell, layers, hidden }: Network) => `${cell}-${layers}-${hidden}`;

function networks(): Network[] {
  const all: Network[] = [];
  for (const cell of ['lstm', 'gru', 'elman'])
    for (const layers of [2, 1]) for (const hidden of [128, 64, 256]) all.push({ cell, layers, hidden });
  all.push({ cell: 'lstm-peephole', layers: 2, hidden: 128 });
  const only =
    options.only ?? (options.quick ? ['lstm-2-128'] : options.full ? [''] : ['-2-128', 'lstm-2-64']);
  return all.filter((network) => only.some((text) => nameOf(network).includes(text)));
}

/** The name of the plain LSTM's engine in the rounds of the LSTM with peepholes. */
const plainLstm = 'plain-lstm';

/** A process that prints 'ready' and then answers each line with a line. */
class Contender {
  readonly engine: string;
  readonly threads: number;
  readonly rounds: Round[] = [];
  /** The milliseconds of all rounds together. */
  measured = 0;
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;

  constructor(engine: string, threads: number, command: readonly string[], env: Record<string, string> = {}) {
    this.engine = engine;
    this.threads = threads;
    this.#child = spawn(command[0], command.slice(1), {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
    });
    this.#reader = createInterface({ input: this.#child.stdout! });
    this.#lines = this.#reader[Symbol.asyncIterator]();
  }

  async #line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`${this.engine} ended without an answer.`);
    return value;
  }

  async ready(): Promise<void> {
    while ((await this.#line()) !== 'ready');
  }

  async round(): Promise<void> {
    const from = performance.now();
    this.#child.stdin!.write(`${milliseconds}\n`);
    this.rounds.push(JSON.parse(await this.#line()));
    this.measured += performance.now() - from;
  }

  stop(): void {
    this.#reader.close();
    this.#child.kill();
  }
}

const python = ['python3', '/usr/bin/python3'].find(
  (command) => spawnSync(command, ['-c', 'import torch'], { stdio: 'ignore' }).status === 0,
);
const hasAvx512 =
  process.platform === 'linux' &&
  spawnSync('grep', ['-q', 'avx512f', '/proc/cpuinfo'], { stdio: 'ignore' }).status === 0;

/** Returns the environment in which PyTorch's products run on so many threads. */
const pytorchThreads = (threads: number): Record<string, string> => ({
  OMP_NUM_THREADS: '1',
  OPENBLAS_NUM_THREADS: `${threads}`,
  ...(hasAvx512 ? { OPENBLAS_CORETYPE: 'SkylakeX' } : {}),
});

type Start = () => Contender;

/** Those in `own` choose a register tile by timing it when they start, and therefore start alone. */
function contenders(network: Network): { own: Start[]; others: Start[] } {
  const { cell, layers, hidden } = network;
  const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));
  const own =
    (engine: string, threads: number, of = cell) =>
    () =>
      new Contender(engine, threads, [
        process.execPath,
        file('contender.ts'),
        engine,
        of,
        `${layers}`,
        `${hidden}`,
        `${threads}`,
      ]);
  const engines = [own('unroll', 1), own('unroll', 2), own('unroll-wide', 2)];
  if (cell === 'lstm-peephole') return { own: [...engines, own(plainLstm, 2, 'lstm')], others: [] };
  const shape = [cell, `${layers}`, `${hidden}`];
  const pytorch = (threads: number) => () =>
    new Contender('pytorch', threads, [python!, file('pytorch.py'), ...shape], pytorchThreads(threads));
  const tfjs = (engine: string) => () =>
    new Contender(engine, 1, [process.execPath, file('tfjs.ts'), engine, ...shape]);
  return {
    own: engines,
    others: [tfjs('tfjs-layers-wasm'), ...(python ? [pytorch(1), pytorch(2)] : []), tfjs('tfjs-cells-wasm')],
  };
}

/** Starts the contenders, each as soon as one of the `lanes` is free. */
async function startAll(all: Contender[], starts: readonly Start[], lanes: number): Promise<void> {
  const waiting = starts.values();
  const lane = async () => {
    for (const start of waiting) {
      const contender = start();
      all.push(contender);
      await contender.ready();
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

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
        if (contender.measured <= 2 * milliseconds * round) await contender.round();
      }
    return all.map(({ engine, threads, rounds }) => ({
      engine: engine === plainLstm ? engine : (rounds[0].engine ?? engine),
      ...network,
      threads,
      tokensPerSecond: Math.round(median(rounds.map((round) => round.tokensPerSecond))),
      tokensPerCpuSecond: Math.round(median(rounds.map((round) => round.tokensPerCpuSecond))),
      megabytes: Math.round(Math.max(...rounds.map((round) => round.megabytes))),
    }));
  } finally {
    for (const contender of all) contender.stop();
  }
}

const root = fileURLToPath(new URL('../../', import.meta.url));
if (spawnSync(process.execPath, ['esbuild.js'], { cwd: root, stdio: 'inherit' }).status !== 0)
  process.exit(1);
const say = (line: string) => process.stdout.write(`${line}\n`);
say(`${cpus()[0].model}, ${availableParallelism()} cores, Node ${process.version}`);
if (!python) say('PyTorch is not measured: no python3 here has torch (Debian: python3-torch).');
const peakRun = spawnSync(process.execPath, [fileURLToPath(new URL('peak.ts', import.meta.url))], {
  encoding: 'utf8',
});
const peak = JSON.parse(peakRun.stdout) as { peak: number; products: number; build: string };
say(
  `matrix products (${peak.build}): ${(peak.products / 1e9).toFixed(1)} of ${(peak.peak / 1e9).toFixed(1)} GFLOP/s, ` +
    `${((100 * peak.products) / peak.peak).toFixed(0)} % of the 128-bit peak of a core`,
);
if (python) {
  const file = fileURLToPath(new URL('pytorchProducts.py', import.meta.url));
  const { stdout } = spawnSync(python, [file], {
    encoding: 'utf8',
    env: { ...process.env, ...pytorchThreads(1) },
  });
  const reached = Number(stdout);
  say(`matrix products (PyTorch): ${(reached / 1e9).toFixed(1)} GFLOP/s on a core`);
  if (reached < peak.peak / 4)
    say('PyTorch has a slow BLAS here, so that ratios over it say nothing (Debian: libopenblas0-pthread).');
}
const memoryRun = spawnSync(process.execPath, [fileURLToPath(new URL('memory.ts', import.meta.url))], {
  encoding: 'utf8',
});
const memory = JSON.parse(memoryRun.stdout) as { empty: number; peak: number };
say(
  `peak memory of the trainer, LSTM 2×128, 2 threads: ${(memory.peak - memory.empty).toFixed(0)} MB ` +
    `(a process of ${memory.peak.toFixed(0)} MB, which is ${memory.empty.toFixed(0)} MB when it is empty)`,
);
const results: Result[] = [];
for (const network of networks()) {
  const measured = await measure(network);
  results.push(...measured);
  say(`\n${nameOf(network)}`);
  for (const { engine, threads, tokensPerSecond, tokensPerCpuSecond, megabytes } of measured)
    say(
      `  ${engine.padEnd(18)} ${threads} thread${threads > 1 ? 's' : ' '} ${String(tokensPerSecond).padStart(8)} tokens/s ${String(tokensPerCpuSecond).padStart(8)} per CPU second ${megabytes} MB`,
    );
}

/** Prints the ratio of two results that were measured together. */
function compare(label: string, above: Partial<Result>, below: Partial<Result>): void {
  const find = (wanted: Partial<Result>) =>
    results
      .filter((result) =>
        Object.entries(wanted).every(([key, value]) => result[key as keyof Result] === value),
      )
      .map(({ tokensPerSecond }) => tokensPerSecond);
  const [a, b] = [find(above), find(below)];
  if (a.length > 0 && b.length > 0)
    say(`  ${label.padEnd(58)} ${(Math.max(...a) / Math.max(...b)).toFixed(2)}`);
}
say('\nratios');
for (const network of networks()) {
  const own = { ...network, engine: 'unroll', threads: 2 };
  const name = nameOf(network);
  compare(`${name}: 2 threads over PyTorch's best on 2 cores`, own, { ...network, engine: 'pytorch' });
  compare(`${name}: over TensorFlow.js layers`, own, { ...network, engine: 'tfjs-layers-wasm' });
  compare(
    `${name}: cells in TensorFlow.js over its own layers`,
    { ...network, engine: 'tfjs-cells-wasm' },
    { ...network, engine: 'tfjs-layers-wasm' },
  );
  compare(`${name}: 2 threads over 1`, own, { ...own, threads: 1 });
  compare(
    `${name}: with the revectorizer, over PyTorch's best`,
    { ...network, engine: 'unroll-wide' },
    {
      ...network,
      engine: 'pytorch',
    },
  );
}
// A peephole is a multiplication of vectors: what a token costs in matrix products is the same.
compare(
  'LSTM with peepholes over the plain one',
  { cell: 'lstm-peephole', layers: 2, hidden: 128, engine: 'unroll', threads: 2 },
  { cell: 'lstm-peephole', layers: 2, hidden: 128, engine: plainLstm },
);
if (options.json) writeFileSync(options.json, `${JSON.stringify({ results, peak, memory }, null, 2)}\n`);
