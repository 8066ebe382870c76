// Tests what the training loop does when a run diverges.
import { describe, expect, test } from 'vitest';
import { run } from './scriptedRun.ts';

describe('a run that does not recover', () => {
  test('is left to explode, as far as its loss is a number', async () => {
    const { points, loads, result } = await run(
      { step: (n) => (n > 20 ? { loss: 1e6 * n } : {}) },
      { seconds: 40, recover: false },
    );
    expect(result).toMatchObject({ end: 'budget', steps: 40 });
    expect(points.steps.at(-1)!.loss).toBeGreaterThan(1e6);
    expect([loads, points.notes]).toEqual([[], []]);
  });

  test.each([{ loss: Number.NaN }, { gradientNorm: Number.POSITIVE_INFINITY }])(
    'ends where there is no number any more (%j), and its best state is kept',
    async (explosion) => {
      const { points, result } = await run(
        { evaluate: (n) => 100 - n, step: (n) => (n > 20 ? explosion : {}) },
        { seconds: 40, recover: false },
      );
      expect(result).toMatchObject({ end: 'diverged', steps: 21 });
      expect(result.bestStep).toBeLessThanOrEqual(21);
      expect(points.notes.map(({ text }) => text)).toEqual([
        'The loss has exploded: it is no longer a number, and the run does not recover.',
      ]);
    },
  );
});

describe('a run that diverges', () => {
  test.each([
    ['a loss that is no number', { loss: Number.NaN }],
    ['a loss far above guessing', { loss: 50 }],
    ['a gradient that is infinite', { gradientNorm: Number.POSITIVE_INFINITY }],
  ])('%s: goes back to the best state at half the learning rate, and says so', async (_, explosion) => {
    const { rates, loads, points } = await run(
      { step: (n) => (n === 15 ? explosion : {}), evaluate: (n) => 100 - n },
      { seconds: 30, learningRate: 0.1 },
    );
    expect(loads).toEqual([14]);
    expect(rates.slice(0, 15)).toEqual(Array(15).fill(0.1));
    expect(rates.slice(15)).toEqual(Array(rates.length - 15).fill(0.05));
    expect(points.notes).toHaveLength(1);
    expect(points.notes[0].text).toMatch(/back to the best state \(step 14\)/);
    expect(points.steps.map(({ step }) => step)).not.toContain(15);
  });

  test('several times from one state on: says so at first and when there is a better one', async () => {
    const { points, learningRate, clip } = await run(
      {
        // The loss of an update is that of the weights before it: every second one succeeds.
        step: (n) => (n % 2 === 0 && n <= 10 ? { loss: Number.NaN } : {}),
        evaluate: (n) => 100 - n,
        commands: { 25: { type: 'threshold', value: 3 } },
      },
      { seconds: 30, learningRate: 0.1 },
    );
    expect(points.notes.slice(0, 2)).toEqual([
      {
        step: 2,
        text: 'The loss exploded: back to the best state (step 0), at 50.0 % of the learning rate.',
      },
      {
        step: 10,
        text: 'The loss exploded 5 times from that state on, which left 3.13 % of the learning rate.',
      },
    ]);
    expect({ learningRate, clip }).toEqual({ learningRate: 0.1 / 32, clip: 3 });
  });

  test.each([1e13, Number.NaN])(
    'a state with a weight of %d is not kept, whatever its loss',
    async (weight) => {
      const { result } = await run(
        { evaluate: (n) => 100 - n, weight: (n) => (n > 20 ? weight : n) },
        { seconds: 30 },
      );
      expect(result.bestStep).toBe(20);
    },
  );

  test('for ever: ends with a sentence', async () => {
    await expect(run({ step: (n) => (n > 5 ? { loss: Number.NaN } : {}) })).rejects.toThrow(
      /keeps diverging/,
    );
  });

  test.each([
    ['a loss that is no number', { loss: Number.NaN }],
    ['a loss far above guessing', { loss: 50 }],
    ['a gradient that is no number', { gradientNorm: Number.NaN }],
  ])('from the first update on, with %s: ends with a sentence about the cell', async (_, explosion) => {
    await expect(run({ step: () => explosion })).rejects.toThrow(/diverges at once: .* in range with tanh/);
  });
});
