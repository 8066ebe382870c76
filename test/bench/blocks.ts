// npm run bench -- blocks [--megabytes N] [--rounds N] [--seconds N] [--seed S] [--json FILE]
//
// Trains the default network on a generated log of 1 GB and on one of 1 MB, in turns, each in a process as the editor
// starts it, and compares the speed of the updates; then on 10,000 files of 100 KB. It measures the most memory that
// each process ever had. The temporary folder needs three times the gigabyte. Linux alone says what a process has had.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startTrainer } from '../../src/editor/workers/trainerClient.ts';
import { startProcess, trainerOptions } from '../../src/platform/node/startWorker.ts';
import type { RunResult } from '../../src/protocol/run.ts';
import type { TrainingDocument } from '../../src/protocol/trainer.ts';
import { script } from '../worker/trained.ts';
import { writeLog, writeLogs } from './longLog.ts';
import { machine } from './machine.ts';
import { atLeast, atMost, endWith, printRow, type Row } from './rows.ts';
import { median } from './statistics.ts';

const { values: options } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    json: { type: 'string' },
  },
});
const megabytes = Number(options.megabytes);
const seconds = Number(options.seconds);
const seed = Number(options.seed);
const files = 10_000;

const children = () =>
  readdirSync('/proc/self/task').flatMap((task) =>
    readFileSync(`/proc/self/task/${task}/children`, 'utf8').trim().split(' ').filter(Boolean),
  );

/** Returns the most megabytes that a process has ever had in memory. */
const peakOf = (process: string) =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${process}/status`, 'utf8'))![1]) / 1024;

interface Trained {
  readonly result: RunResult;
  readonly peak: number;
  /** The seconds from the start of the process to the first update. */
  readonly read: number;
}

/** Trains on documents. @param tokens the tokens, so that all runs have the same */
async function train(documents: readonly TrainingDocument[], tokens: string): Promise<Trained> {
  const before = new Set(children());
  const directory = join(folder, 'model');
  const began = performance.now();
  const { promise, resolve, reject } = Promise.withResolvers<Trained>();
  let read = 0;
  const trainer = startTrainer(
    () => startProcess(script('trainer'), trainerOptions),
    {
      type: 'train',
      request: {
        ...{
          documents,
          source: 'log',
          title: 'log',
          uri: null,
          pattern: null,
          remarks: [],
          languageId: 'log',
        },
        ...{ directory, definition: null, cell: null },
        settings: { 'model.tokens': tokens, 'train.seconds': seconds },
      },
    },
    (event) => {
      if (event.type === 'started') read = (performance.now() - began) / 1000;
      if (event.type === 'failed') reject(new Error(event.message));
      if (event.type !== 'done') return;
      const process = children().find((each) => !before.has(each))!;
      resolve({ result: event.result, peak: peakOf(process), read });
    },
  );
  try {
    return await promise;
  } finally {
    await trainer.kill();
    rmSync(directory, { recursive: true, force: true });
  }
}

const folder = mkdtempSync(join(tmpdir(), 'unroll-bench-'));
const rows: Row[] = [];
try {
  const long = { path: writeLog(join(folder, 'long.log'), megabytes * 1e6, seed) };
  const short = { path: writeLog(join(folder, 'short.log'), 1e6, seed) };
  const ratios: number[] = [];
  const peaks: number[] = [];
  for (let round = 0; round < Number(options.rounds); round++) {
    const one = await train([short], 'characters');
    const other = await train([long], 'characters');
    ratios.push(other.result.tokensPerSecond / one.result.tokensPerSecond);
    peaks.push(other.peak);
    process.stdout.write(
      `round ${round}: ${one.result.tokensPerSecond.toFixed(0)} tokens/s on 1 MB, ${other.result.tokensPerSecond.toFixed(0)} on ${megabytes} MB, which took ${other.read.toFixed(0)} s to read; ${one.peak.toFixed(0)} and ${other.peak.toFixed(0)} MB (load ${loadavg()[0].toFixed(1)})\n`,
    );
  }
  rows.push(
    { ...atLeast(`tokens/s on ${megabytes} MB over 1 MB`, median(ratios), 0.95), rounds: ratios },
    {
      ...atMost(`peak memory of a training on a file of ${megabytes} MB, MB`, Math.max(...peaks), 500),
      rounds: peaks,
    },
  );
  rmSync(long.path);
  const paths = writeLogs(join(folder, 'logs'), files, (megabytes * 1e6) / files, seed);
  const many = await train(
    paths.map((path) => ({ path })),
    'auto',
  );
  process.stdout.write(`${files} files took ${many.read.toFixed(0)} s to read\n`);
  rows.push(
    atMost(`peak memory of a training on ${files} files, ${megabytes} MB together, MB`, many.peak, 500),
  );
  for (const row of rows) printRow(row);
  endWith(rows, options.json, { machine: machine(), rows, results: [] });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
