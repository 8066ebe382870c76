// Tests when the training loop ends, what it keeps and when it looks.
import { describe, expect, test } from 'vitest';
import type { TrainValues } from '../../src/language/options/optionKinds.ts';
import { corpus, run, type Script, shortPasses } from './scriptedRun.ts';

test('a run ends when its seconds are spent', async () => {
  const { result } = await run({}, { seconds: 40 });
  expect(result).toMatchObject({ end: 'budget', steps: 40, seconds: 40 });
});

test('the probe rests when a run has ended, before its result is dealt with', async () => {
  const { rests, results } = await run({}, { seconds: 40 });
  expect(rests).toEqual([0]);
  expect(results).toHaveLength(1);
});

test('a run ends when its epochs are over, and looks at the tail a number of times that does not depend on time', async () => {
  const { result, points } = await run({}, { seconds: null, epochs: 2 });
  const { length } = corpus.train;
  expect(result.steps).toBe(2 * Math.floor((length - 1) / 4 / 10));
  expect(points.validations.length).toBeGreaterThanOrEqual(20);
});

test('every update is reported once, with its loss in bits', async () => {
  const { points } = await run({}, { seconds: 20 });
  expect(points.steps.map(({ step }) => step)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  expect(points.steps[0].loss).toBeCloseTo(1 / Math.LN2, 6);
});

test('the best state is kept, not the last one', async () => {
  const { result, weights, improvements } = await run(
    { evaluate: (n) => Math.abs(n - 15) + 1 },
    { seconds: 30 },
  );
  expect(result.bestStep).toBe(15);
  expect(result.validationLoss).toBeCloseTo(1 / Math.LN2, 6);
  expect(weights.get('w')!.data[0]).toBe(15);
  expect(improvements.at(-1)).toBe(15);
});

test('a run that does not get better any more ends early', async () => {
  const { result } = await run(
    { evaluate: (n) => Math.max(1, 20 - n) + n / 1000 },
    { seconds: 10_000, ...shortPasses },
  );
  expect(result.end).toBe('early stop');
  expect(result.steps).toBeLessThan(100);
});

const worseFrom20 = { evaluate: (n: number) => Math.max(1, 20 - n) + n / 1000 };

test('before it ends early, it goes back to its best state, from which its learning rate falls to 0', async () => {
  const { result, points, rates, loads } = await run(worseFrom20, {
    ...shortPasses,
    seconds: 10_000,
    decay: 'linear',
    learningRate: 1,
  });
  expect(points.notes.map(({ text }) => text)).toEqual([
    'No better state for long: back to step 19, and the learning rate falls to 0.',
  ]);
  const [{ step }] = points.notes;
  expect(loads).toEqual([19]);
  expect(rates[step - 1]).toBeGreaterThan(0.99);
  expect(rates[step]).toBeCloseTo(0.25);
  expect(rates.at(-1)).toBeLessThan(0.03);
  expect(result).toMatchObject({ end: 'early stop', steps: Math.ceil(step / 0.75) });
});

test('without a decay it ends where it gets no better', async () => {
  const { points, loads } = await run(worseFrom20, { seconds: 10_000 });
  expect([points.notes, loads]).toEqual([[], []]);
});

test('extended after that, it has the rest of its budget', async () => {
  const script = { ...worseFrom20, later: [{ type: 'extend' } as const] };
  const { results, rates } = await run(script, {
    ...shortPasses,
    seconds: 10_000,
    decay: 'linear',
    learningRate: 1,
  });
  expect(results.map(({ end }) => end)).toEqual(['early stop', 'early stop']);
  expect(rates[results[0].steps]).toBeGreaterThan(0.99);
});

test('while its learning rate rises, and for four times as long, it goes on', async () => {
  const { result } = await run({ evaluate: () => 1 }, { ...shortPasses, seconds: 10_000, warmup: 60 });
  expect(result).toMatchObject({ end: 'early stop', steps: 300 });
});

test('a text that has not been read twice is read on', async () => {
  const script = { evaluate: (n: number) => (n < 20 ? 2 : 1 + n / 1000) };
  const { result, progress } = await run(script, { seconds: 10_000 });
  expect(result).toMatchObject({ end: 'early stop', bestStep: 20 });
  expect(progress!.epoch).toBeCloseTo(2);
});

test('without patience to lose, it goes on', async () => {
  const { result } = await run({ evaluate: () => 1 }, { patience: null });
  expect(result).toMatchObject({ end: 'budget', steps: 100 });
});

test('stopped, it keeps what it has learned', async () => {
  const { result, weights } = await run({ evaluate: (n) => 100 - n, commands: { 25: { type: 'stop' } } });
  expect(result).toMatchObject({ end: 'stopped', steps: 25, bestStep: 25 });
  expect(weights.get('w')!.data[0]).toBe(25);
});

describe('looks into the network', () => {
  const stepsOfLooks = async (script: Script, options: Partial<TrainValues> = {}) => {
    const { points } = await run({ evaluate: (n) => 1 / n, ...script }, { seconds: 40, ...options });
    return points.probes.map(({ step }) => step);
  };

  test.each([0, 15])('that take %d ms come once a second', async (probeCost) =>
    expect((await stepsOfLooks({ probeCost })).length).toBe(40),
  );

  test('that cost more come as often as 1.5 % of the time allows, early once more, and at the end', async () =>
    expect(await stepsOfLooks({ probeCost: 90 }, { seconds: 100 })).toEqual([
      1, 7, 10, 16, 22, 28, 34, 40, 46, 52, 58, 64, 70, 76, 82, 88, 94, 99,
    ]));

  test('that cost far more come at the start, early and at the end all the same', async () =>
    expect(await stepsOfLooks({ probeCost: 900 })).toEqual([1, 4, 39]));

  test('that would cost too much of what is left are left out in between', async () =>
    expect(await stepsOfLooks({ probeCost: 4000 })).toEqual([1, 36]));

  test('come at the end of a run that is stopped only where that is not felt', async () => {
    const commands: Script['commands'] = { 25: { type: 'stop' } };
    expect((await stepsOfLooks({ probeCost: 900, commands })).at(-1)).toBe(25);
    expect((await stepsOfLooks({ probeCost: 1100, commands })).at(-1)).not.toBe(25);
  });
});
