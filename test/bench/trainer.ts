// Measures the built trainer as its host starts it, on LSTM 128, LSTM 128 and this project's README: prints, for
// a thread, a process without wide vectors and one with them, the medians of the milliseconds from the request
// to the first progress, of the tokens per second, and of the megabytes that the processes together take more
// than the host alone. The ways take turns, so that whatever else the machine does affects all of them.
//
// node test/bench/trainer.ts [ROUNDS] [SECONDS]
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type StartTrainer, startTrainer } from '../../src/editor/workers/trainerClient.ts';
import { startTrainerOn } from '../../src/editor/workers/trainerHost.ts';
import { WideRecord } from '../../src/editor/workers/wideRecord.ts';
import { machineName, wideOptions } from '../../src/platform/node/revectorizer.ts';
import {
  startProcess,
  startThread,
  trainerLimits,
  trainerOptions,
} from '../../src/platform/node/startWorker.ts';
import { memento } from '../editor/memento.ts';
import { script, trainRequest } from '../worker/trained.ts';
import { median } from './statistics.ts';

const [rounds, seconds] = [Number(process.argv[2] ?? 5), Number(process.argv[3] ?? 4)];
const text = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8').repeat(4);
const startOwn = (options: readonly string[]) =>
  startProcess(script('trainer'), [...trainerOptions, ...options]);
const thread = () => startThread(script('trainer'), trainerLimits);
const record = new WideRecord(memento(), machineName());

const ways: Readonly<Record<string, StartTrainer>> = {
  thread: (request, listen) => startTrainer(thread, { ...request, withoutWide: 'measured' }, listen),
  process: (request, listen) =>
    startTrainer(() => startOwn([]), { ...request, withoutWide: 'measured' }, listen),
  'wide process': startTrainerOn({
    process: startOwn,
    thread,
    wide: { options: wideOptions, record },
    warn: (message) => process.stderr.write(`${message}\n`),
  }),
};

interface Figures {
  readonly first: number;
  readonly tokensPerSecond: number;
  readonly megabytes: number;
}

/** The resident megabytes of this process and its children, where the system lists them; else 0. */
function megabytes(): number {
  const rss = (pid: string) => {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
    } catch {
      return 0;
    }
  };
  try {
    const children = readdirSync('/proc/self/task').flatMap((task) =>
      readFileSync(`/proc/self/task/${task}/children`, 'utf8').trim().split(' '),
    );
    return [`${process.pid}`, ...children.filter(Boolean)].reduce((sum, pid) => sum + rss(pid), 0);
  } catch {
    return 0;
  }
}

async function measure(start: StartTrainer): Promise<Figures> {
  const directory = mkdtempSync(join(tmpdir(), 'unroll-bench-'));
  const before = megabytes();
  const began = performance.now();
  let [first, tokensPerSecond, most] = [0, 0, 0];
  const settings = {
    'model.layers': 'LSTM 128, LSTM 128',
    'model.tokens': 'characters',
    'train.k1': 50,
    'train.k2': 50,
    'train.batch': 50,
    'train.seconds': seconds,
  };
  const client = start({ type: 'train', request: trainRequest(text, directory, settings) }, (event) => {
    if (event.type === 'failed') process.stderr.write(`${event.message}\n`);
    if (event.type === 'done') client.close();
    if (event.type !== 'progress') return;
    first ||= performance.now() - began;
    ({ tokensPerSecond } = event.progress);
    most = Math.max(most, megabytes());
  });
  await client.ended;
  rmSync(directory, { recursive: true, force: true });
  return { first, tokensPerSecond, megabytes: most - before };
}

const all = new Map(Object.keys(ways).map((name) => [name, [] as Figures[]]));
for (let round = 0; round < rounds; round++)
  for (const [name, start] of Object.entries(ways)) all.get(name)!.push(await measure(start));
for (const [name, figures] of all) {
  const of = (which: keyof Figures) => Math.round(median(figures.map((each) => each[which])));
  process.stdout.write(
    `${name.padEnd(13)} first progress after ${of('first')} ms, ${of('tokensPerSecond')} tokens/s, ${of('megabytes')} MB\n`,
  );
}
process.stdout.write(`wide vectors: ${JSON.stringify(record.outcome)}; load ${loadavg()[0].toFixed(1)}\n`);
