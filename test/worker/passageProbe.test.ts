// Looks into a language model at its initial weights.
import { beforeAll, expect, test, vi } from 'vitest';
import type { Engine } from '../../src/backend/engine.ts';
import { startWasm } from '../../src/backend/wasm/engine.ts';
import { appendPoints, emptyPoints } from '../../src/protocol/run.ts';
import { parseHistory } from '../../src/store/history.ts';
import { initialWeights } from '../../src/tape/parameters.ts';
import { prepareLanguageModel } from '../../src/tasks/languageModel/index.ts';
import { configure, equationsOf } from '../../src/training/configuration.ts';
import { PassageProbe } from '../../src/worker/passageProbe.ts';
import { readingOf } from '../data/text/blocks/memoryScratch.ts';
import { readKernels } from '../kernels/modules.ts';
import { generation } from '../store/generation.ts';
import { trainRequest } from './trained.ts';

let engine: Engine;
beforeAll(async () => {
  engine = (await startWasm({ read: readKernels, threads: 1, spawn: null }))!;
});

const request = trainRequest('abcab\n'.repeat(200), '/nowhere', {
  'model.layers': 'LSTM 3, GRU 4',
  'model.tokens': 'characters',
  'train.epochs': 1,
});

async function prepare() {
  const configuration = configure(request);
  const task = await prepareLanguageModel({
    reading: readingOf('abcab\n'.repeat(200)),
    digest: null,
    configuration,
    earlier: null,
    engine: async () => engine,
    breathe: async () => {},
    now: () => 0,
  });
  const probe = new PassageProbe(task, engine, 50, () => 1);
  const lookAt = () => probe.look(initialWeights(task.architecture, 1), task.dataset.probed(probe.steps)!);
  return { probe, lookAt };
}

async function look(step: number) {
  const { probe, lookAt } = await prepare();
  const seen = lookAt();
  probe.dispose();
  return { step, seconds: step, ...seen };
}

test('a probe that rests gives its memory back at once, and sees the same afterwards', async () => {
  const { probe, lookAt } = await prepare();
  const buffers = vi.spyOn(ArrayBuffer.prototype, 'transfer');
  const seen = lookAt();
  probe.rest();
  probe.rest();
  // One tape has the gradients, and the other the Lyapunov exponents.
  const given = buffers.mock.contexts as ArrayBuffer[];
  expect(given.map(({ detached }) => detached)).toEqual([true, true]);
  expect(lookAt()).toEqual(seen);
  probe.dispose();
  expect(buffers).toHaveBeenCalledTimes(4);
  buffers.mockRestore();
});

test('a passage has what was read, what the network has written, and all vectors at each of these tokens', async () => {
  const { passage, gradientByLag } = await look(1);
  const { tokens, read, written, surprise, vectors, activation, path, freeRunning } = passage!;
  expect(tokens.slice(0, read).join('')).toMatch(/^(abcab\n|[abc\n])*$/);
  expect(surprise).toHaveLength(written.length);
  expect(tokens.slice(read)).toEqual(written.slice(0, tokens.length - read));
  expect(Object.keys(vectors)).toEqual(
    ['0.f', '0.i', '0.o', '0.g', '0.c', '0.h', '1.z', '1.r', '1.g', '1.h'].map((name) => `layers.${name}`),
  );
  for (const { width, units, values } of Object.values(vectors)) {
    expect(units.toSorted()).toEqual(Array.from({ length: width }, (_, i) => i));
    for (const unit of values) expect(unit).toHaveLength(tokens.length);
  }
  expect(Object.keys(activation)).toEqual(Object.keys(gradientByLag));
  for (const values of Object.values(activation)) expect(values).toHaveLength(read);
  expect(path!.state).toBe('layers.1.h');
  expect(path!.points).toHaveLength(tokens.length);
  // With small initial weights every input leads to a fixed point.
  expect(path!.fixedPoints!.map(({ token }) => token).sort()).toEqual(['a', 'b', 'c']);
  for (const { point } of path!.fixedPoints!) expect(point).toHaveLength(2);
  expect(freeRunning!.free).toHaveLength(freeRunning!.forced.length);
});

test('of several passages the last one alone is kept, and it is read back from a history', async () => {
  const points = emptyPoints();
  appendPoints(points, { ...emptyPoints(), probes: [await look(1)] });
  appendPoints(points, { ...emptyPoints(), probes: [await look(2)] });
  expect(points.probes.map(({ step, passage }) => [step, passage !== undefined])).toEqual([
    [1, false],
    [2, true],
  ]);
  const { history } = generation();
  expect(parseHistory(JSON.stringify({ ...history, points }))?.points.probes).toEqual(points.probes);
});

test('each vector has the equation of its cell’s file', () => {
  const { model, cells } = configure(request);
  const equations = equationsOf(model, cells);
  expect(equations['layers.0.h']).toBe('h[t] = o[t] * tanh(c[t])');
  expect(Object.keys(equations)).toContain('layers.1.z');
});
