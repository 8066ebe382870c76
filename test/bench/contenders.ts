// The processes that train the same network and are measured in rounds.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { largeLayer, type Network } from './networks.ts';

export interface Round {
  readonly tokensPerSecond: number;
  /** Stays the same when others use the machine. */
  readonly tokensPerCpuSecond: number;
  readonly megabytes: number;
  readonly engine?: string;
}

/** The name of the plain LSTM's engine in the rounds of the LSTM with peepholes. */
export const plainLstm = 'plain-lstm';

/** A process that prints 'ready' and then answers each line with a line. */
export class Contender {
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

  async round(milliseconds: number): Promise<void> {
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

/** A Python that has PyTorch, where there is one. */
export const python = ['python3', '/usr/bin/python3'].find(
  (command) => spawnSync(command, ['-c', 'import torch'], { stdio: 'ignore' }).status === 0,
);

const hasAvx512 =
  process.platform === 'linux' &&
  spawnSync('grep', ['-q', 'avx512f', '/proc/cpuinfo'], { stdio: 'ignore' }).status === 0;

/** Returns the environment in which PyTorch's products run on so many threads. */
export const pytorchThreads = (threads: number): Record<string, string> => ({
  OMP_NUM_THREADS: '1',
  OPENBLAS_NUM_THREADS: `${threads}`,
  ...(hasAvx512 ? { OPENBLAS_CORETYPE: 'SkylakeX' } : {}),
});

export type Start = () => Contender;

/** Those in `own` choose a register tile by timing it when they start, and therefore start alone. */
export function contenders(network: Network): { own: Start[]; others: Start[] } {
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
  const pytorches = python ? [pytorch(1), pytorch(2)] : [];
  return {
    own: engines,
    others:
      hidden < largeLayer ? [tfjs('tfjs-layers-wasm'), ...pytorches, tfjs('tfjs-cells-wasm')] : pytorches,
  };
}

/** Starts the contenders, each as soon as one of the `lanes` is free. */
export async function startAll(all: Contender[], starts: readonly Start[], lanes: number): Promise<void> {
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
