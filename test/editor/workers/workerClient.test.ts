// Tests the host's end with scripted workers that hang, die or send nonsense, in threads of their own.
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { runExport, writeSample } from '../../../src/editor/workers/oneRequest.ts';
import { startTrainer } from '../../../src/editor/workers/trainerClient.ts';
import { WorkerClient } from '../../../src/editor/workers/workerClient.ts';
import { startThread } from '../../../src/platform/node/startWorker.ts';
import { type Act, wrongMessages } from '../../soak/targets/messages/acts.ts';
import type { ScriptedService } from '../../soak/targets/messages/asked.ts';

const scripted = () => startThread(join(import.meta.dirname, '../../soak/targets/messages/scripted.ts'));
const patience = 1000;
let client: WorkerClient<ScriptedService>;

beforeEach(() => {
  client = new WorkerClient(scripted, { name: 'scripted worker', patience });
});
afterEach(() => {
  client.dispose();
  vi.useRealTimers();
});

const ask = (...acts: Act[]) => client.ask({ acts }, new AbortController().signal);

test('a cancellation does not wait for a worker that hangs', async () => {
  const abort = new AbortController();
  const asked = client.ask({ acts: ['hang'] }, abort.signal);
  abort.abort();
  expect(await asked).toBeNull();
});

test('a worker that says nothing after a cancellation is ended, and the next request starts another', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const abort = new AbortController();
  const cancelled = client.ask({ acts: ['hang'] }, abort.signal);
  const waiting = ask('answer');
  abort.abort();
  await cancelled;
  vi.advanceTimersByTime(patience);
  await expect(waiting).rejects.toThrow('The scripted worker does not answer.');
  expect(await ask('answer')).toEqual(expect.any(Number));
});

test('one that says something is left alone', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const abort = new AbortController();
  const cancelled = client.ask({ acts: [] }, abort.signal);
  abort.abort();
  await cancelled;
  const held = ask('answer late');
  await ask('part', 'answer');
  vi.advanceTimersByTime(patience);
  await ask('answer');
  expect(await held).toEqual(expect.any(Number));
});

test.each(wrongMessages.map((message, at) => [JSON.stringify(message), at] as const))(
  '%s is no answer: the request fails with a sentence, and the next one works',
  async (_, at) => {
    await expect(ask(at)).rejects.toThrow('The scripted worker said something that cannot be understood.');
    expect(await ask('answer')).toEqual(expect.any(Number));
  },
);

test('an error that is none is a sentence, too', async () => {
  await expect(ask('throw null')).rejects.toThrow('The scripted worker failed: null.');
});

test('disposed of, it cancels what is asked, and is asked in vain', async () => {
  const asked = ask('hang');
  client.dispose();
  expect(await asked).toBeNull();
  expect(await ask('answer')).toBeNull();
});

describe('a worker of one request', () => {
  const task = (...acts: Act[]) => ({ acts }) as never;

  test('that ends without it has failed', async () => {
    await expect(runExport(scripted, task('close'))).rejects.toThrow(
      'The exporter ended unexpectedly. Try again.',
    );
  });

  test('that says another has failed', async () => {
    const request = task({ type: 'found' }, 'wait');
    await expect(writeSample(scripted, request)).rejects.toThrow('cannot be understood');
  });
});

test('a run that has failed is over, whatever its worker says', async () => {
  const acts: Act[] = [0, { type: 'started' }, { type: 'done' }];
  const heard: string[] = [];
  const request = { type: 'train', request: { acts } as never } as const;
  await startTrainer(scripted, request, ({ type }) => heard.push(type)).ended;
  expect(heard).toEqual(['failed']);
});

test('a run does not go on after the worker’s last answer, whatever the worker says', async () => {
  const acts: Act[] = [{ type: 'done' }, { type: 'failed' }, { type: 'resumed' }, { type: 'done' }];
  const heard: string[] = [];
  const request = { type: 'train', request: { acts } as never } as const;
  const client = startTrainer(scripted, request, ({ type }) => heard.push(type));
  client.close();
  await client.ended;
  expect(heard).toEqual(['done']);
});
