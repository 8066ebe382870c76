// Joins both ends of the channel within one thread.
import { setImmediate } from 'node:timers/promises';
import { MessageChannel } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { HostChannel } from '../../src/editor/workers/hostChannel.ts';
import { messagePort } from '../../src/platform/node/hostPort.ts';
import type { Port } from '../../src/protocol/port.ts';
import { Problem } from '../../src/protocol/problem.ts';
import { serve, type WorkerChannel } from '../../src/worker/workerChannel.ts';

interface Counting {
  readonly request: { readonly to: number };
  readonly answer: string;
  readonly part: number;
  readonly notice: { readonly type: 'add'; readonly word: string };
  readonly event: { readonly type: 'counted'; readonly to: number };
}

let host: HostChannel<Counting>;
let worker: WorkerChannel<Counting>;
let ports: [Port, Port];
let events: Counting['event'][];
let words: string[];
/** The largest number that was counted to. */
let counted: number;

beforeEach(() => {
  [events, words, counted] = [[], [], 0];
  const { port1, port2 } = new MessageChannel();
  ports = [messagePort(port1), messagePort(port2)];
  host = new HostChannel(ports[0], {
    name: 'counter',
    events: { types: new Set(['counted']), listen: (event) => events.push(event) },
  });
  worker = serve<Counting>(ports[1], () => setImmediate(), {
    name: 'The counting',
    answer: async ({ to }, pause, part) => {
      if (to < 0) throw new Problem('A number from 0 is needed.');
      if (to === 0) throw new RangeError('zero');
      for (counted = 0; counted < to; counted++) {
        if (counted < 3) part(counted);
        await pause();
      }
      worker.say({ type: 'counted', to });
      return [to, ...words].join(' ');
    },
    notices: { types: new Set(['add']), listen: ({ word }) => words.push(word) },
  });
});
afterEach(async () => {
  vi.useRealTimers();
  await host.close();
});

test('answers in order, after the parts and events of each', async () => {
  const parts: number[] = [];
  const [first, second] = await Promise.all([
    host.ask({ to: 5 }, undefined, (part) => parts.push(part)),
    host.ask({ to: 1 }),
  ]);
  expect([first, second]).toEqual(['5', '1']);
  expect(parts).toEqual([0, 1, 2]);
  expect(events).toEqual([
    { type: 'counted', to: 5 },
    { type: 'counted', to: 1 },
  ]);
});

test('a notice is heard while a request is being answered', async () => {
  const answer = host.ask({ to: 1e9 }, undefined, (part) => {
    if (part === 0) host.tell({ type: 'add', word: 'more' });
  });
  while (words.length === 0) await setImmediate();
  expect(words).toEqual(['more']);
  await host.close();
  await expect(answer).rejects.toThrow('The counter has been ended.');
});

test('a cancelled request computes nothing more, and the next one is answered', async () => {
  const abort = new AbortController();
  const endless = host.ask({ to: 1e9 }, abort.signal, () => abort.abort());
  const unborn = new AbortController();
  const never = host.ask({ to: 1e9 }, unborn.signal);
  unborn.abort();
  const next = host.ask({ to: 2 });
  expect(await endless).toBeNull();
  expect(await never).toBeNull();
  expect(await next).toBe('2');
  expect(counted).toBe(2);
});

test('one that is cancelled before it has begun ends at once, and what takes long before it goes on', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const abort = new AbortController();
  const parts: number[] = [];
  const long = host.ask({ to: 1e9 }, undefined, (part) => parts.push(part));
  // It says nothing more while it counts on.
  while (parts.length < 3) await setImmediate();
  const never = host.ask({ to: 1 }, abort.signal);
  abort.abort();
  expect(await never).toBeNull();
  // The host watches a worker that says nothing.
  await expect.poll(() => vi.getTimerCount()).toBe(0);
  expect(host.isOpen).toBe(true);
  await host.close();
  await expect(long).rejects.toThrow('The counter has been ended.');
});

test('a problem is its sentence, and any other error a sentence without a stack', async () => {
  await expect(host.ask({ to: -1 })).rejects.toThrow(/^A number from 0 is needed\.$/);
  await expect(host.ask({ to: 0 })).rejects.toThrow(
    /^The counting failed because of a mistake in Unroll: zero$/,
  );
  expect(await host.ask({ to: 1 })).toBe('1');
});

test('closed, it is asked in vain and told nothing', async () => {
  await host.close();
  expect(host.isOpen).toBe(false);
  await expect(host.ask({ to: 1 })).rejects.toThrow('The counter has been ended.');
  host.tell({ type: 'add', word: 'late' });
  await host.ended;
  expect(words).toEqual([]);
});

describe('what is no message of the host', () => {
  test.each([
    [null],
    [{ type: 'none' }],
    [{ type: 'notice' }],
    [{ type: 'notice', notice: null }],
    [{ type: 'notice', notice: { type: 'none' } }],
  ])('%j ends the worker with an error', (message) => {
    const listeners: ((message: unknown) => void)[] = [];
    const port: Port = {
      post() {},
      listen: (listener) => listeners.push(listener.message),
      close: async () => {},
    };
    serve<Counting>(port, () => setImmediate(), {
      name: 'The counting',
      answer: async () => '',
      notices: { types: new Set(['add']), listen() {} },
    });
    expect(() => listeners[0](message)).toThrow('cannot be understood');
  });
});
