// How the trainer runs, and what is made of it when it dies.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RunEvent, TrainerClient } from '../../../src/editor/workers/trainerClient.ts';
import { startTrainerOn, type TrainerHost } from '../../../src/editor/workers/trainerHost.ts';
import { type WideOutcome, WideRecord } from '../../../src/editor/workers/wideRecord.ts';
import { nodeFiles } from '../../../src/platform/node/files.ts';
import { mayRevectorize, wideOptions } from '../../../src/platform/node/revectorizer.ts';
import {
  startProcess,
  startThread,
  trainerLimits,
  trainerOptions,
} from '../../../src/platform/node/startWorker.ts';
import { readRun } from '../../../src/store/modelFolder.ts';
import { script, trainRequest } from '../../worker/trained.ts';
import { memento } from '../memento.ts';

const text = 'A line of a log, number 12, says that all is well.\n'.repeat(60);
let directory: string;
let record: WideRecord;
let ways: string[];
let warnings: string[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'unroll-host-'));
  record = new WideRecord(memento(), 'a machine');
  ways = [];
  warnings = [];
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

const isWide = (options: readonly string[]) => options.some((option) => wideOptions.includes(option));

/** @param more further options of Node for processes with wide vectors, and without */
function host(more: { wide?: string[]; narrow?: string[]; program?: string } = {}): TrainerHost {
  return {
    process: (options) => {
      ways.push(isWide(options) ? 'wide' : 'process');
      const others = (isWide(options) ? more.wide : more.narrow) ?? [];
      return startProcess(script('trainer'), [...trainerOptions, ...options, ...others], more.program);
    },
    thread: () => {
      ways.push('thread');
      return startThread(script('trainer'), trainerLimits);
    },
    wide: { options: wideOptions, record },
    warn: (message) => warnings.push(message),
  };
}

/** Trains to the end and returns what was heard. */
async function train(
  on: TrainerHost,
  settings: Record<string, unknown> = {},
  act: (event: RunEvent, client: TrainerClient) => void = () => {},
): Promise<RunEvent[]> {
  const heard: RunEvent[] = [];
  const asked = trainRequest(text, directory, { 'model.layers': 'GRU 8', 'train.epochs': 2, ...settings });
  const client: TrainerClient = startTrainerOn(on)({ type: 'train', request: asked }, (event) => {
    heard.push(event);
    act(event, client);
    if (event.type === 'done') client.close();
  });
  await client.ended;
  return heard;
}

const starts = (heard: RunEvent[]) => heard.flatMap((event) => (event.type === 'started' ? event.start : []));
const steps = (heard: RunEvent[]) =>
  heard.flatMap((event) => (event.type === 'progress' ? event.points.steps : []));
const notes = (heard: RunEvent[]) =>
  heard.flatMap((event) => (event.type === 'progress' ? event.points.notes.map(({ text }) => text) : []));
const dies = ['--require', join(import.meta.dirname, 'dies.cjs')];
/** Lets processes that load `dies` die. */
function die(how: string): string[] {
  process.env.UNROLL_TEST_DEATH = how;
  return dies;
}

/**
 * Pauses a run, for which a checkpoint is written. @param again what is done when a worker that has been started
 * again has paused, too
 */
function pausedOnce(
  again: (client: TrainerClient) => void,
): (event: RunEvent, client: TrainerClient) => void {
  let asked = false;
  let paused = false;
  return (event, client) => {
    if (event.type === 'progress' && event.points.validations.length > 0 && !asked) {
      asked = true;
      client.send({ type: 'pause' });
    }
    if (event.type !== 'paused') return;
    if (paused) again(client);
    paused = true;
  };
}

describe.runIf(mayRevectorize)('where the processor has vectors of 256 bits', () => {
  test('they are tried in a process, and remembered as they turned out', async () => {
    const heard = await train(host());
    expect(heard.at(-1)!.type).toBe('done');
    expect(ways).toEqual(['wide']);
    const [{ engine, engineReason }] = starts(heard);
    expect(record.outcome).toEqual(
      engine === 'unroll-wide' ? { kind: 'proven' } : { kind: 'refused', reason: engineReason },
    );
    expect(engineReason).toMatch(/wide vectors/);
    expect(warnings).toEqual([]);
  });

  test('asked for, they are used whatever was remembered, and give the same run', async () => {
    record.outcome = { kind: 'refused', reason: 'it crashed' };
    const wide = await train(host(), { 'engine.kind': 'wide' });
    expect(starts(wide)[0].engine).toBe('unroll-wide');
    const losses = (heard: RunEvent[]) => steps(heard).map(({ loss, gradientNorm }) => [loss, gradientNorm]);
    const narrow = await train(host(), { 'engine.kind': 'narrow' });
    expect(starts(narrow)[0]).toMatchObject({ engine: 'unroll', engineReason: 'as the settings say' });
    expect(losses(wide)).toEqual(losses(narrow));
    expect(ways).toEqual(['wide', 'process']);
  });

  test('died of after a checkpoint, the run goes on from there without them, once, and says so', async () => {
    const heard = await train(
      host({ wide: die('SIGSEGV saved') }),
      { 'train.epochs': 40 },
      pausedOnce((client) => client.send({ type: 'resume' })),
    );
    expect(ways).toEqual(['wide', 'process']);
    expect(heard.at(-1)).toMatchObject({ type: 'done', result: { end: 'budget' } });
    expect(notes(heard)).toEqual([
      'Continued.',
      'The training worker ended unexpectedly (SIGSEGV): the training went on without wide vectors.',
    ]);
    expect(starts(heard).at(-1)).toMatchObject({
      engine: 'unroll',
      engineReason: expect.stringContaining('SIGSEGV'),
    });
    expect(record.outcome).toMatchObject({ kind: 'refused', reason: expect.stringContaining('SIGSEGV') });
    expect(warnings).toHaveLength(1);
    const { steps: kept } = readRun(nodeFiles, directory).earlier.history.points;
    expect(kept.map(({ step }) => step)).toEqual(kept.map((_, index) => index + 1));
  });

  test('died of before anything was kept, the run begins again, and the next one does not try them', async () => {
    const heard = await train(host({ wide: die('SIGILL started') }));
    expect(ways).toEqual(['wide', 'process']);
    expect(heard.at(-1)!.type).toBe('done');
    expect(notes(heard)).toEqual([expect.stringContaining('SIGILL')]);
    await train(host());
    expect(ways).toEqual(['wide', 'process', 'process']);
  });

  test('dead at once, it is started without them', async () => {
    expect((await train(host({ wide: die('SIGABRT') }))).at(-1)!.type).toBe('done');
    expect(ways).toEqual(['wide', 'process']);
    expect(record.outcome).toMatchObject({ kind: 'refused' });
  });

  test('without them, a death is the end of the run, with a sentence', async () => {
    const heard = await train(host({ wide: die('SIGSEGV started'), narrow: dies }));
    expect(ways).toEqual(['wide', 'process']);
    expect(heard.at(-1)).toMatchObject({
      type: 'failed',
      message: expect.stringMatching(/ended unexpectedly \(SIGSEGV\)\. What it had kept/),
    });
  });

  test('killed by others, nothing is held against them', async () => {
    expect((await train(host({ wide: die('SIGKILL') }))).at(-1)!.type).toBe('done');
    expect(ways).toEqual(['wide', 'process']);
    expect(record.outcome).toBeNull();
  });

  test('an option that V8 does not know is remembered', async () => {
    expect((await train(host({ wide: ['--no-such-option'] }))).at(-1)!.type).toBe('done');
    expect(ways).toEqual(['wide', 'process']);
    expect(record.outcome).toEqual({
      kind: 'refused',
      reason: 'no process can be started with wide vectors',
    });
    expect(warnings).toEqual([expect.stringMatching(/could not be started as a process: .*no-such-option/)]);
  });
});

test.each<[string, WideOutcome]>([
  ['a start that never came back', { kind: 'begun' }],
  ['a refusal', { kind: 'refused', reason: 'wide vectors are not faster here' }],
])('%s is not tried again', async (_, outcome) => {
  record.outcome = outcome;
  expect(starts(await train(host()))[0]).toMatchObject({
    engine: 'unroll',
    engineReason: record.objection,
  });
  expect(ways).toEqual(['process']);
  expect(record.outcome).toEqual(outcome);
});

test.each([
  ['a program that is missing', join(tmpdir(), 'no-such-program')],
  ['a file that is no program', join(import.meta.dirname, '../../../package.json')],
])('where no process can be started, it is a thread: %s', async (_, program) => {
  const heard = await train(host({ program }));
  expect(heard.at(-1)!.type).toBe('done');
  expect(ways).toEqual(['wide', 'process', 'thread']);
  expect(warnings).toHaveLength(2);
  expect(starts(heard)[0]).toMatchObject({ engine: 'unroll', fallback: null });
  expect(record.outcome).toBeNull();
});

test.runIf(mayRevectorize)('what cannot be trained fails once, and nothing is remembered', async () => {
  const heard = await train(host(), { 'train.k1': -1 });
  expect(heard).toMatchObject([{ type: 'failed', message: expect.stringContaining('k1') }]);
  expect(ways).toEqual(['wide']);
  expect(record.outcome).toBeNull();
});

test('killed before it has begun, nothing is remembered', async () => {
  const asked = trainRequest(text, directory, { 'train.epochs': 2 });
  const client = startTrainerOn(host())({ type: 'train', request: asked }, () => {});
  expect(record.outcome).toEqual({ kind: 'begun' });
  await client.kill();
  await client.ended;
  expect(record.outcome).toBeNull();
});

test.runIf(mayRevectorize)('a stop that was not obeyed ends the run that goes on', async () => {
  const pauses = pausedOnce(() => {});
  const heard = await train(
    host({ wide: die('SIGSEGV saved') }),
    { 'train.epochs': 1000 },
    (event, client) => {
      pauses(event, client);
      if (event.type === 'saved') client.send({ type: 'stop' });
    },
  );
  expect(heard.at(-1)).toMatchObject({ type: 'done', result: { end: 'stopped' } });
});

test('a machine that is another one knows nothing of this one', () => {
  const memory = memento();
  const here = new WideRecord(memory, 'here');
  here.outcome = { kind: 'begun' };
  expect(here.objection).toMatch(/did not come back/);
  expect(new WideRecord(memory, 'there').objection).toBeNull();
});
