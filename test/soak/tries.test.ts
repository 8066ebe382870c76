import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Failure } from './failure.ts';
import { type Target, target } from './target.ts';
import { Tries } from './tries.ts';

/** Runs the tries of a target whose check is `check`. */
async function soak(source: Pick<Target<number>, 'inputs' | 'all'>, check: (input: number) => void) {
  const failures: Failure[] = [];
  const inputs: number[] = [];
  const fake = target<number>({
    name: 'fake',
    claim: 'Numbers are small.',
    weight: 1,
    ...source,
    open: async () => ({
      check: (input) => {
        inputs.push(input);
        check(input);
      },
      figures: () => ({}),
      close: async () => {},
    }),
  });
  const complete = await new Tries(
    fake,
    await fake.open(),
    { name: 'fake', seed: 7, seconds: null, cases: 2000 },
    { batch: () => {}, failed: (failure) => failures.push(failure), tried: () => {} },
  ).run();
  return { failures, inputs, complete };
}

const small = (input: number) => {
  if (input > 100) throw new Error(`${input} is too large.`);
  if (input < -50) throw new Error(`${input} is too small.`);
};

test('each kind of failure is reported once, with its smallest input and a seed that finds it again', async () => {
  const { failures } = await soak({ inputs: fc.integer() }, small);
  expect(failures.map(({ input }) => input).sort()).toEqual([-51, 101]);
  for (const { seed, message } of failures) {
    expect(message).toContain('is too');
    const again = await soak({ inputs: fc.integer() }, small);
    expect(again.failures.map((failure) => failure.seed)).toContain(seed);
  }
});

test('the same seed tries the same inputs', async () => {
  const [first, second] = await Promise.all([1, 2].map(() => soak({ inputs: fc.integer() }, () => {})));
  expect(first.inputs).toEqual(second.inputs);
  expect(first.inputs).toHaveLength(2000);
  expect(first.complete).toBe(false);
});

test('a finite list is tried whole, past its failures', async () => {
  const { failures, inputs, complete } = await soak({ all: () => [1, 200, 2, 300, -60, 3] }, small);
  expect(inputs).toEqual([1, 200, 2, 300, -60, 3]);
  expect(failures.map(({ input }) => input)).toEqual([200, -60]);
  expect(complete).toBe(true);
});
