// A prediction worker that has only opened models ahead takes memory for nothing, and is ended after a while.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PredictorClient } from '../../../src/editor/workers/predictorClient.ts';
import type { Port } from '../../../src/protocol/port.ts';

const reference = { model: 'model', revision: '1' };
const minutes = (count: number) => 60_000 * count;
let started: number;
let ended: Set<number>;
let client: PredictorClient;

/** Returns the port of a worker that never says anything. */
function silent(): Port {
  const worker = ++started;
  return {
    post() {},
    listen() {},
    close: async () => {
      ended.add(worker);
    },
  };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  [started, ended] = [0, new Set()];
  client = new PredictorClient(silent, { suggested() {} });
});
afterEach(() => {
  client.dispose();
  vi.useRealTimers();
});

test('it is ended half an hour after the last model was opened, and started again by the next', () => {
  client.open(reference);
  vi.advanceTimersByTime(minutes(29));
  client.open(reference);
  vi.advanceTimersByTime(minutes(29));
  expect([started, ended.size]).toEqual([1, 0]);
  vi.advanceTimersByTime(minutes(1));
  expect([started, ended.size]).toEqual([1, 1]);
  client.open(reference);
  expect([started, ended.size]).toEqual([2, 1]);
  vi.advanceTimersByTime(minutes(30));
  expect([started, ended.size]).toEqual([2, 2]);
});

test.each<[string, () => void]>([
  [
    'is asked for suggestions',
    () => {
      const position = { document: 'a', offset: 0, before: 'a', after: '', typed: 0 };
      const wanted = { confidence: 0.3, reading: 0, maxLength: 60, count: 1 };
      void client.suggest({ ...reference, ...position, ...wanted }, new AbortController().signal);
    },
  ],
  ['is told a text', () => client.know({ ...reference, text: 'a' })],
  ['counts a text', () => client.count({ model: 'a', documents: ['a'] })],
])('one that %s has learned something, and stays', (_, use) => {
  client.open(reference);
  use();
  client.open(reference);
  vi.advanceTimersByTime(minutes(90));
  expect([started, ended.size]).toEqual([1, 0]);
});
