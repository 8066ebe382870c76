// Runs `npm test` again and again: prints a line for each run, and at the end how many passed and how long
// their files took. The logs and pictures of runs that failed are kept.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../test/host/tools.ts';
import { type FileTimes, table } from './times.ts';

export interface Repeated {
  /** The name of a run in the line that is printed about it: `Run` or `Clone`. */
  readonly name: string;
  readonly count: number;
  /** The folder below `out` in which the logs and pictures of runs that failed are kept. */
  readonly kept: string;
  /** Whether another process uses a processor meanwhile. */
  readonly beside: boolean;
  readonly stopsAtFailure: boolean;
}

export interface Tested {
  /** The exit code of `npm test`; null where a signal ended it. */
  readonly code: number | null;
  /** The folder in which it ran. */
  readonly root: string;
  /** Removes what is not needed any more. */
  readonly end?: () => void;
}

/**
 * @param test runs all tests, and writes what they print to the file `log`
 * @returns whether all runs passed
 */
export async function repeat(
  { name, count, kept, beside, stopsAtFailure }: Repeated,
  test: (log: string) => Promise<Tested>,
): Promise<boolean> {
  const folder = join(root, 'out', kept);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130));
  if (beside) useProcessor();
  const times: FileTimes[] = [];
  let tried = 0;
  let passed = 0;
  while (tried < count && (passed === tried || !stopsAtFailure)) {
    const log = join(folder, `${++tried}.log`);
    const began = Date.now();
    const tested = await test(log);
    const minutes = ((Date.now() - began) / 60_000).toFixed(1);
    const last = readFileSync(log, 'utf8').trimEnd().split('\n').at(-1);
    const ended = tested.code === 0 ? 'green' : 'red';
    process.stdout.write(`${name} ${tried} of ${count}: ${ended} after ${minutes} min: ${last}\n`);
    times.push(timesIn(join(tested.root, 'out/reports'), began));
    if (tested.code === 0) {
      passed++;
      rmSync(log);
    } else keepPictures(tested.root, join(folder, `${tried}-screenshots`), began);
    tested.end?.();
  }
  process.stdout.write(table(times));
  const where = passed < tried ? `; see ${folder}` : '';
  process.stdout.write(`${passed} of ${tried} were green${where}\n`);
  return passed === count;
}

/** Runs a program with its output in a file. @returns its exit code; null where a signal ended it */
export function runInto(log: string, program: string, args: string[], cwd = root): Promise<number | null> {
  const output = openSync(log, 'w');
  const child = spawn(program, args, { cwd, stdio: ['ignore', output, output] });
  const end = () => child.kill();
  process.once('exit', end);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      process.off('exit', end);
      resolve(code);
    });
  });
}

/** Keeps a processor busy for as long as this process lives. */
function useProcessor(): void {
  const busy = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
  busy.unref();
  process.on('exit', () => busy.kill());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130));
}

/** Keeps the pictures that have been taken since a time. */
function keepPictures(from: string, to: string, since: number): void {
  const pictures = join(from, 'out/screenshots');
  const isNew = (path: string) => path === pictures || statSync(path).mtimeMs >= since;
  if (existsSync(pictures)) cpSync(pictures, to, { recursive: true, filter: isNew });
}

/** Returns the seconds that each test file took, as those reports say that were written since a time. */
function timesIn(reports: string, since: number): FileTimes {
  const times = new Map<string, number>();
  for (const name of globSync('*.json', { cwd: reports })) {
    const path = join(reports, name);
    if (statSync(path).mtimeMs < since) continue;
    const { testResults = [] } = JSON.parse(readFileSync(path, 'utf8'));
    for (const { name, startTime, endTime } of testResults as TestResult[])
      times.set(name.replaceAll('\\', '/').replace(/^.*\/(?=test\/)/, ''), (endTime - startTime) / 1000);
  }
  return times;
}

/** A file in a report of Vitest's, with times in milliseconds. */
interface TestResult {
  readonly name: string;
  readonly startTime: number;
  readonly endTime: number;
}
