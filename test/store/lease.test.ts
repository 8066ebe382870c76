// A training holds the folder of its model while it lasts: no other begins there, and a killed one holds nothing.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { hasEnded, nodeProcesses } from '../../src/platform/node/processes.ts';
import { Problem } from '../../src/protocol/problem.ts';
import type { Processes } from '../../src/store/files.ts';
import { isHeldByAnother, Lease, parseLease, renewalInterval } from '../../src/store/lease.ts';
import { readModel, readRun } from '../../src/store/modelFolder.ts';
import { leaseName } from '../../src/store/names.ts';
import { tinyRun } from '../soak/targets/store/tinyRun.ts';
import { MemoryFiles, observed } from './memoryFiles.ts';

const directory = '/models/run';
const at = `${directory}/${leaseName}`;

/** Returns the files as processes 1 and 2 of a machine see them, of which the first is running or not. */
function windows(isRunning = true): [MemoryFiles, MemoryFiles] {
  const first = new MemoryFiles([['/models', 'directory']], '1.0');
  const processes: Processes = { machine: 'memory', own: 2, exists: (id) => id === 1 && isRunning };
  return [first, Object.assign(new MemoryFiles([], '2.0'), { entries: first.entries, processes })];
}

const processes: Processes = { machine: 'here', own: 7, exists: (id) => id === 8 };
const now = 1_000_000_000;
const lease = { process: 8, machine: 'here', time: now };

test.each([
  ['of a process that exists', lease, true],
  ['renewed some seconds ago', { ...lease, time: now - 20_000 }, true],
  ['of a process that has been killed', { ...lease, process: 9 }, false],
  ['of this process', { ...lease, process: 7 }, false],
  [
    'that has lapsed, whose process has an id that another one has by now',
    { ...lease, time: now - 61_000 },
    false,
  ],
  ['from a clock that was an hour fast', { ...lease, time: now + 3_600_000 }, false],
  ['from a clock that is some seconds fast', { ...lease, time: now + 20_000 }, true],
  [
    'of another machine, whose processes cannot be asked for',
    { ...lease, process: 9, machine: 'there' },
    true,
  ],
  ['of another machine, with the id of this process', { ...lease, process: 7, machine: 'there' }, true],
  ['of another machine, that has lapsed', { ...lease, machine: 'there', time: now - 61_000 }, false],
  ['that is none', null, false],
])('a lease %s', (_, given, isHeld) => {
  expect(isHeldByAnother(given, processes, now)).toBe(isHeld);
});

test.each([
  '',
  '{',
  '[]',
  '{}',
  '{"process":0,"machine":"","time":1}',
  '{"process":1,"machine":"","time":null}',
])('%j is no lease', (text) => expect(parseLease(text)).toBeNull());

test('the processes of this machine', async () => {
  expect(nodeProcesses.machine).not.toBe('');
  expect(nodeProcesses.exists(process.pid)).toBe(true);
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'close');
  expect(nodeProcesses.exists(child.pid!)).toBe(false);
});

test.skipIf(process.platform !== 'linux')(
  'a process that has ended is none, also where nobody cares for it',
  async () => {
    // The shell starts one that waits for a line, and becomes a program that does not ask for its end.
    const parent = spawn('sh', ['-c', 'exec 3<&0; (read line) <&3 & echo $!; exec sleep 1000'], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    try {
      const [said] = await once(parent.stdout, 'data');
      await expect.poll(() => readFileSync(`/proc/${parent.pid}/comm`, 'utf8')).toBe('sleep\n');
      expect(nodeProcesses.exists(Number(said))).toBe(true);
      parent.stdin.end();
      await expect.poll(() => readFileSync(`/proc/${Number(said)}/stat`, 'utf8')).toContain(') Z ');
      expect(nodeProcesses.exists(Number(said))).toBe(false);
      expect(nodeProcesses.exists(parent.pid!)).toBe(true);
    } finally {
      parent.kill();
      await once(parent, 'close');
    }
  },
);

test.each([
  ['runs', 'R 1 40 40 0 -1 4194304 2 0', false],
  ['waits', 'S 1 40 40 34816 40 4194560 2 0', false],
  ['ends', 'R 1 40 40 0 -1 4194308 2 0', true],
  ['has ended', 'Z 1 40 40 0 -1 4227084 2 0', true],
])('a process that %s', (_, stat, ended) => expect(hasEnded(`41 (node) R) ${stat} 0 0 9\n`)).toBe(ended));

test('where there are no such files', () => expect(hasEnded('')).toBe(false));

test('a folder in which a training is under way is refused to others until it has ended', async () => {
  const [files, other] = windows();
  const refusals: unknown[] = [];
  const saved = async () => {
    refusals.push(await tinyRun(other, directory, 'LSTM').catch((error: unknown) => error));
  };
  const saving: Promise<void>[] = [];
  await tinyRun(files, directory, 'GRU', { saved: () => saving.push(saved()) });
  await Promise.all(saving);
  expect(refusals.length).toBeGreaterThan(0);
  for (const refusal of refusals) {
    expect(refusal).toBeInstanceOf(Problem);
    expect((refusal as Problem).message).toMatch(
      /^The model in \/models\/run is being trained at the moment.*or stop it there/,
    );
  }
  expect(readModel(files, directory).manifest.architecture.layers[0].cell).toBe('GRU');
  expect(files.entries.has(at)).toBe(false);
  expect((await tinyRun(other, directory, null)).result.end).toBe('budget');
});

test('the lease of a training that was killed is ignored, and gone after the next one', async () => {
  const [files, other] = windows(false);
  await tinyRun(files, directory, 'GRU');
  new Lease(files, directory).acquire();
  expect(files.entries.has(at)).toBe(true);
  expect(readRun(other, directory).earlier.history.status.kind).toBe('ended');
  await tinyRun(other, directory, null);
  expect(files.entries.has(at)).toBe(false);
});

test('a lease is renewed while the training lasts, and given back with the folder that it made', () => {
  const [files, other] = windows();
  const held = new Lease(files, directory);
  held.acquire(now);
  held.renew(now + renewalInterval);
  expect(parseLease(new TextDecoder().decode(files.read(at, 1000)))).toEqual({
    process: 1,
    machine: 'memory',
    time: now + renewalInterval,
  });
  expect(() => new Lease(other, directory).acquire(now + 60_000)).toThrow(Problem);
  held.release();
  expect([...files.entries.keys()]).toEqual(['/models']);
  held.renew(now);
  expect([...files.entries.keys()]).toEqual(['/models']);
});

test('a training that stood still for a while leaves its folder to the one that has taken it', () => {
  const [files, other] = windows();
  other.processes.exists = files.processes.exists = () => true;
  const first = new Lease(files, directory);
  first.acquire(now);
  const second = new Lease(other, directory);
  second.acquire(now + 100_000);
  const taken = files.read(at, 1000);
  first.renew(now + 101_000);
  first.release();
  expect(files.read(at, 1000)).toEqual(taken);
});

test('a lease that cannot be written keeps no training from its work', async () => {
  const [files] = windows();
  const failing = observed(files, (operation, path) => {
    if (path.includes(leaseName) && operation !== 'read')
      throw Object.assign(new Error('EIO'), { code: 'EIO' });
  });
  expect((await tinyRun(failing, directory, 'GRU')).result.end).toBe('budget');
});

test('a run renews its lease every five seconds', async () => {
  const [files] = windows();
  const times: number[] = [];
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
  try {
    await tinyRun(files, directory, 'GRU', {
      saved: () => {
        vi.advanceTimersByTime(2 * renewalInterval);
        times.push(parseLease(new TextDecoder().decode(files.read(at, 1000)))!.time);
      },
    });
    expect(times.length).toBeGreaterThan(1);
    expect(new Set(times.slice(1).map((time, index) => time - times[index]))).toEqual(
      new Set([2 * renewalInterval]),
    );
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
