// Every kind of port keeps the promises of `Port`: between threads, between processes and within a thread.
import { constants } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { afterEach, describe, expect, test } from 'vitest';
import { messagePort } from '../../src/platform/node/hostPort.ts';
import { startProcess, startThread } from '../../src/platform/node/startWorker.ts';
import type { Port } from '../../src/protocol/port.ts';

const echo = join(import.meta.dirname, 'echo.ts');

/** Starts a worker in this thread that posts every message back. */
function startHere(): Port {
  const { port1, port2 } = new MessageChannel();
  const port = messagePort(port2);
  port.listen({
    message: (message) => (message === 'close' ? void port.close() : port.post(message)),
    failed() {},
    ended() {},
  });
  return messagePort(port1);
}

const starts = {
  'a thread': () => startThread(echo),
  'a process': () => startProcess(echo),
  'this thread': startHere,
};
let port: Port;
afterEach(() => port.close());

/** Collects what a port says: messages, faults, and its end, which is awaited with `ended`. */
function heard(): { all: unknown[]; next(count: number): Promise<void>; ended: Promise<void> } {
  const all: unknown[] = [];
  const ended = Promise.withResolvers<void>();
  let wake = () => {};
  const add = (what: unknown) => {
    all.push(what);
    wake();
  };
  port.listen({
    message: add,
    failed: add,
    ended: () => {
      all.push('ended');
      ended.resolve();
    },
  });
  const next = async (count: number) => {
    while (all.length < count)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
  };
  return { all, next, ended: ended.promise };
}

describe.each(Object.entries(starts))('%s', (_, start) => {
  test('copies plain data, numbers that are none and typed arrays, in order', async () => {
    port = start();
    const messages = [{ a: [1, null, undefined, Number.NaN, -0] }, Float32Array.of(1, 2.5), 'text\0'];
    for (const message of messages) port.post(message);
    const { all, next } = heard();
    await next(3);
    expect(all).toEqual(messages);
    expect(all[0]).not.toBe(messages[0]);
  });

  test('what was posted before the worker closes arrives before the end, which is said once', async () => {
    port = start();
    const large = 'x'.repeat(3_000_000);
    const { all, ended } = heard();
    for (const message of [large, 1, 'close']) port.post(message);
    await ended;
    expect(all).toEqual([large, 1, 'ended']);
    port.post('this is lost');
    await port.close();
    expect(all).toHaveLength(3);
  });

  test('closed by the host, it ends', async () => {
    port = start();
    const { all, next, ended } = heard();
    port.post(1);
    await next(1);
    await port.close();
    await ended;
    expect(all).toEqual([1, 'ended']);
  });
});

test.each([
  ['a thread', () => startThread(echo)],
  ['a process', () => startProcess(echo)],
] as const)('an error ends %s, and is told before the end', async (_, start) => {
  port = start();
  const { all, next, ended } = heard();
  port.post(1);
  await next(1);
  port.post('throw');
  await ended;
  expect(all).toEqual([1, { kind: 'error', message: 'told to' }, 'ended']);
});

const hungry = join(import.meta.dirname, 'hungry.ts');
test.each([
  ['a thread', () => startThread(hungry, { maxOldGenerationSizeMb: 8 })],
  ['a process', () => startProcess(hungry, ['--max-old-space-size=8'])],
] as const)('%s with too little memory says so', async (_, start) => {
  port = start();
  const { all, ended } = heard();
  await ended;
  expect(all).toEqual([{ kind: 'outOfMemory' }, 'ended']);
});

test.each([
  ['an option that Node does not know', () => startProcess(echo, ['--bad-option-of-no-node']), /bad option/],
  [
    'a script that is missing',
    () => startProcess(join(import.meta.dirname, 'none.ts')),
    /Cannot find module/,
  ],
  ['a program that is missing', () => startProcess(echo, [], join(import.meta.dirname, 'none')), /ENOENT/],
  ['a program that is none', () => startProcess(echo, [], echo), /EACCES/],
] as const)('a process is not started by %s', async (_, start, why) => {
  port = start();
  const { all, ended } = heard();
  await ended;
  expect(all).toEqual([{ kind: 'notStarted', message: expect.stringMatching(why) }, 'ended']);
});

test('a process that dies by a signal says which', async () => {
  port = startProcess(echo);
  const { all, next, ended } = heard();
  port.post(1);
  await next(1);
  port.post('die');
  await ended;
  expect(all).toEqual([1, { kind: 'died', how: 'SIGSEGV' }, 'ended']);
});

test('a process leaves the processor to the editor first', async () => {
  port = startProcess(echo);
  const { all, next } = heard();
  port.post('priority');
  await next(1);
  expect(all[0]).toBeGreaterThanOrEqual(constants.priority.PRIORITY_BELOW_NORMAL);
});
