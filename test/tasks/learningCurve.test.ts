import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hash, isInShare } from '../../src/data/table/hash.ts';
import { nodePlatform } from '../../src/platform/node/platform.ts';
import type { RunProgress, RunResult, RunStart } from '../../src/protocol/run.ts';
import type { TaskChoice } from '../../src/protocol/task.ts';
import { readRun } from '../../src/store/modelFolder.ts';
import { random } from '../../src/tape/random.ts';
import { expectedOf, wilson } from '../../src/tasks/learningCurve.ts';
import { Controls } from '../../src/training/controls.ts';
import { run } from '../../src/worker/run.ts';
import type { RunListener } from '../../src/worker/runRecorder.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { trainRequest } from '../worker/trained.ts';

const folder = temporaryFolder('curve');
const platform = nodePlatform(join(import.meta.dirname, '../../out'));

test('errors that fall with a power of the rows are continued by it', () => {
  const points = [50, 100, 200, 400].map((rows) => ({ rows, value: 1 - 2 * rows ** -0.5 }));
  expect(expectedOf(points, 1e9)).toBeCloseTo(1 - 2 * 800 ** -0.5, 12);
});

test('so are the errors of numbers, which never rise', () => {
  const points = [50, 100, 200, 400].map((rows) => ({ rows, value: 30 * rows ** -0.5 }));
  expect(expectedOf(points, 40, true)).toBeCloseTo(30 * 800 ** -0.5, 9);
  const at = (...values: number[]) => values.map((value, index) => ({ rows: 100 * 2 ** index, value }));
  expect(expectedOf(at(7, 8, 9), 40, true)).toBe(9);
  expect(expectedOf(at(2, 1, 0), 40, true)).toBe(0);
});

test('nothing is expected to fall, and what is always right stays so', () => {
  const at = (...values: number[]) => values.map((value, index) => ({ rows: 100 * 2 ** index, value }));
  expect(expectedOf(at(0.9, 0.8, 0.7), 50)).toBe(0.7);
  expect(expectedOf(at(0.9, 1, 1), 50)).toBe(1);
  const expected = expectedOf(at(0, 0.6, 0.9), 50);
  expect(expected).toBeGreaterThan(0.9);
  expect(expected).toBeLessThan(1);
});

test('the interval of a share holds the true one in 95 % of draws', () => {
  const next = random(1);
  for (const [p, count] of [
    [0.9, 40],
    [0.5, 20],
    [0.98, 100],
  ]) {
    let held = 0;
    for (let draw = 0; draw < 4000; draw++) {
      const right = Array.from({ length: count }, () => next() < p).filter((is) => is).length;
      const [low, high] = wilson(right / count, count);
      if (low <= p && p <= high) held++;
    }
    expect(Math.abs(held / 4000 - 0.95)).toBeLessThan(0.03);
  }
  const [low, high] = wilson(1, 30);
  expect([low > 0.85, high]).toEqual([true, 1]);
});

test('the rows of a share are in every larger one', () => {
  const texts = Array.from({ length: 2000 }, (_, row) => `row ${row}`);
  const of = (share: number) => texts.filter((text) => isInShare(text, share));
  expect(of(1)).toEqual(texts);
  const half = new Set(of(1 / 2));
  expect(of(1 / 4).every((text) => half.has(text))).toBe(true);
  expect(Math.abs(of(1 / 4).length / texts.length - 1 / 4)).toBeLessThan(0.03);
  // Which rows are held out says nothing of it.
  const heldOut = texts.filter((text) => hash(text) % 10 === 0);
  expect(heldOut.some((text) => isInShare(text, 1 / 2))).toBe(true);
  expect(heldOut.every((text) => isInShare(text, 1 / 2))).toBe(false);
});

/** Rows of letters, with those of the end in a label: rows that have been seen help with others. */
function table(rows: number): string {
  const next = random(2);
  const lines = Array.from({ length: rows }, () => {
    const text = Array.from({ length: 6 }, () => 'abcdefgh'[Math.floor(next() * 8)]).join('');
    return `${text}\t${'aceg'.includes(text[5]) === 'bdfh'.includes(text[0]) ? 'yes' : 'no'}`;
  });
  return ['text\tmeaning', ...lines].join('\n');
}

let start: RunStart;
const listener = (onProgress: (progress: RunProgress) => void): RunListener => ({
  started(started) {
    start = started;
  },
  paused() {},
  resumed() {},
  progress: onProgress,
  saved() {},
  ended() {},
});

const settings = {
  'model.layers': 'GRU 8',
  'train.seconds': null,
  'train.epochs': 12,
  'train.batch': 20,
  'train.patience': null,
};
const choice = { kind: 'acceptor', reads: null, writes: null, heldOut: null } as const;
const begin = (
  name: string,
  source: string,
  task: TaskChoice = choice,
  more: object = {},
  controls = Controls.none(),
  onProgress: (progress: RunProgress) => void = () => {},
): Promise<RunResult> => {
  const asked = trainRequest(source, join(folder, name), { ...settings, ...more }, { task });
  return run(asked, platform, controls, listener(onProgress));
};

test('a run on few rows ends with what parts of them reach, the same again from the same seed', async () => {
  const result = await begin('few', table(400));
  const { points, updates, interval, expected } = result.learningCurve!;
  expect(points.at(-1)).toEqual({ rows: start.rows!.train, value: result.metric });
  const shares = points.map(({ rows }) => rows / start.rows!.train);
  for (const [index, share] of [1 / 4, 1 / 2, 1].entries())
    expect(Math.abs(shares[index] - share)).toBeLessThan(0.06);
  expect(updates).toBe(Math.min(result.bestStep, Math.floor(result.steps / 2)));
  expect(interval![0]).toBeLessThan(result.metric!);
  expect(expected.rows).toBe(2 * start.rows!.train);
  expect(expected.value).toBeGreaterThanOrEqual(result.metric!);
  const { status } = readRun(platform.files, join(folder, 'few')).earlier.history;
  expect(status).toMatchObject({ result: { learningCurve: result.learningCurve } });
  const again = await begin('again', table(400));
  expect(again.learningCurve).toEqual(result.learningCurve);
});

test('texts to rewrite have a curve, too', async () => {
  const pairs = table(300)
    .split('\n')
    .slice(1)
    .map((line) => `${line.slice(0, 6)}\t${line.slice(0, 2)}`);
  const task = { kind: 'encoder-decoder', reads: ['source'], writes: 'target', heldOut: null } as const;
  const source = ['source\ttarget', ...pairs].join('\n');
  const network = { 'model.encoder': 'GRU 8', 'model.layers': 'DotAttention 8' };
  const { learningCurve, metric } = await begin('pairs', source, task, network);
  expect(learningCurve!.points.length).toBe(3);
  expect(learningCurve!.points[2].value).toBe(metric);
});

test('numbers of rows have a curve of errors in the units of the column', async () => {
  const source = (rows: number) =>
    [
      'text,took',
      ...table(rows)
        .split('\n')
        .slice(1)
        .map((line) => `${line.slice(0, 6)},${10 * line.split(/[aeb]/).length}.5`),
    ].join('\n');
  const task = { kind: 'regressor', reads: null, writes: null, heldOut: null } as const;
  const { learningCurve, metric } = await begin('numbers', source(400), task);
  const { points, interval, lowerIsBetter, expected } = learningCurve!;
  expect([points.length, interval, lowerIsBetter]).toEqual([3, null, true]);
  expect(points[2]).toEqual({ rows: start.rows!.train, value: metric });
  const [{ value: mean }] = start.baselines;
  for (const { value } of points) {
    expect(value).toBeGreaterThan(0);
    expect(value).toBeLessThan(2 * mean);
  }
  expect(expected.value).toBeLessThanOrEqual(metric!);
  const { status } = readRun(platform.files, join(folder, 'numbers')).earlier.history;
  expect(status).toMatchObject({ result: { learningCurve } });
});

test('there is none where rows are many, or few updates were made', async () => {
  expect((await begin('many', table(1100), choice, { 'train.epochs': 1 })).learningCurve).toBeUndefined();
  expect((await begin('short', table(400), choice, { 'train.epochs': 1 })).learningCurve).toBeUndefined();
});

test('a user who stops the run, or commands something at its end, waits for none', async () => {
  const controls = new Controls();
  const stopped = await begin('stopped', table(400), choice, {}, controls, ({ step }) => {
    if (step !== 60) return;
    controls.send({ type: 'stop' });
    controls.close();
  });
  expect([stopped.end, stopped.learningCurve]).toEqual(['stopped', undefined]);
  const others = new Controls();
  let atEnd = 0;
  const commanded = await begin('commanded', table(400), choice, {}, others, ({ fraction }) => {
    // The first of these progresses is that of the last update, and the second that of the end.
    if (fraction < 1 || ++atEnd !== 2) return;
    others.send({ type: 'learningRate', value: 0.01 });
    others.close();
  });
  expect([commanded.end, commanded.learningCurve]).toEqual(['budget', undefined]);
});
