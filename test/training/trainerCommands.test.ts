// Tests what the training loop does at a user's commands, and from a checkpoint.
import { describe, expect, test } from 'vitest';
import { run, type Script, shortPasses } from './scriptedRun.ts';

describe('what is asked of it while it lasts', () => {
  const rest: Script = { evaluate: (n) => 1 / n };

  test.each<[string, Script, string[]]>([
    [
      'a pause does not count as time',
      { commands: { 10: { type: 'pause' } }, later: [{ type: 'resume' }] },
      ['started at 0', 'paused at 10', 'resumed at 10', 'budget at 40'],
    ],
    [
      'a paused run can be stopped',
      { commands: { 10: { type: 'pause' } }, later: [{ type: 'stop' }] },
      ['started at 0', 'paused at 10', 'stopped at 10'],
    ],
    [
      'what makes no sense now changes nothing',
      { commands: { 5: { type: 'resume' } }, later: [{ type: 'stop' }, { type: 'pause' }] },
      ['started at 0', 'budget at 40'],
    ],
    [
      'rewound, it begins again',
      { commands: { 20: { type: 'rewind' } } },
      ['started at 0', 'started at 20', 'budget at 60'],
    ],
    [
      'rewound after its end, it waits',
      { later: [{ type: 'rewind' }, { type: 'resume' }] },
      ['started at 0', 'budget at 40', 'started at 40', 'paused at 40', 'resumed at 40', 'budget at 80'],
    ],
    [
      'rewound and stopped at once, it begins again and ends',
      { commands: { 10: [{ type: 'rewind' }, { type: 'stop' }] } },
      ['started at 0', 'started at 10', 'stopped at 10'],
    ],
    [
      'rewound, paused and extended at once, it waits at its beginning and then has its budget twice',
      {
        commands: { 10: [{ type: 'rewind' }, { type: 'pause' }, { type: 'extend' }] },
        later: [{ type: 'resume' }],
      },
      ['started at 0', 'started at 10', 'paused at 10', 'resumed at 10', 'budget at 90'],
    ],
    [
      'extended while it runs, it has its budget twice',
      { commands: { 10: { type: 'extend' } } },
      ['started at 0', 'budget at 80'],
    ],
    [
      'extended after its end, it goes on where it was',
      { later: [{ type: 'extend' }] },
      ['started at 0', 'budget at 40', 'resumed at 40', 'budget at 80'],
    ],
    [
      'extended after it was stopped, it uses what is left of its budget',
      { commands: { 10: { type: 'stop' } }, later: [{ type: 'extend' }] },
      ['started at 0', 'stopped at 10', 'resumed at 10', 'budget at 40'],
    ],
  ])('%s', async (_, script, expected) => {
    expect((await run({ ...rest, ...script }, { seconds: 40 })).events).toEqual(expected);
  });

  test('a pause keeps weights, place and count', async () => {
    const script: Script = { ...rest, commands: { 10: { type: 'pause' } }, later: [{ type: 'resume' }] };
    const { result, points, weights } = await run(script, { seconds: 40 });
    expect(result).toMatchObject({ steps: 40, seconds: 40 });
    expect(points.steps.map(({ step }) => step)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    expect(weights.get('w')!.data[0]).toBe(40);
  });

  test('rewound, it has the same weights again, and what was changed', async () => {
    const commands: Script['commands'] = {
      10: { type: 'learningRate', value: 0.5 },
      20: { type: 'rewind' },
    };
    const { result, points, weights, rates } = await run({ ...rest, commands }, { seconds: 40 });
    expect(result).toMatchObject({ steps: 40, seconds: 40 });
    expect(points.steps[0].step).toBe(1);
    expect(weights.get('w')!.data[0]).toBe(40);
    expect(rates.at(-1)).toBe(0.5);
  });

  test('extended after an early end, it has its patience again', async () => {
    const evaluate = (n: number) => Math.max(1, 20 - n) + n / 1000;
    const { results } = await run(
      { evaluate, later: [{ type: 'extend' }] },
      { ...shortPasses, seconds: 10_000 },
    );
    expect(results.map(({ end }) => end)).toEqual(['early stop', 'early stop']);
    expect(results[1].steps - results[0].steps).toBeGreaterThanOrEqual(12);
  });

  test('learning rate and threshold change between two updates, and the change is noted', async () => {
    const commands: Script['commands'] = {
      10: { type: 'learningRate', value: 0.25 },
      20: { type: 'threshold', value: 2 },
    };
    const { rates, thresholds, points, progress } = await run(
      { ...rest, commands },
      { seconds: 40, learningRate: 0.5, clipping: 'norm', threshold: 5 },
    );
    expect(rates).toEqual([...Array(10).fill(0.5), ...Array(30).fill(0.25)]);
    expect(thresholds).toEqual([...Array(20).fill(5), ...Array(20).fill(2)]);
    expect(points.notes).toEqual([
      { step: 10, text: 'Learning rate 0.5 → 0.25.' },
      { step: 20, text: 'Clipping threshold 5 → 2.' },
    ]);
    expect(progress).toMatchObject({ learningRate: 0.25, threshold: 2 });
  });

  test('changed while it is paused, the change is seen at once', async () => {
    const { points, progress } = await run({
      ...rest,
      commands: { 10: { type: 'pause' } },
      later: [{ type: 'learningRate', value: 0.25 }],
    });
    expect(points.notes).toHaveLength(1);
    expect(progress.learningRate).toBe(0.25);
  });
});

describe('from a checkpoint', () => {
  const evaluate = (n: number) => 1 / n;
  const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i + 1);

  test('a run that was spent has its budget once more', async () => {
    const { checkpoint } = await run({ evaluate }, { seconds: 40 });
    const later: Script = { evaluate: (n) => evaluate(40 + n) };
    const { result, points, weights } = await run(later, { seconds: 40 }, checkpoint);
    expect(points.steps.map(({ step }) => step)).toEqual(numbers(40, 80));
    expect(result).toMatchObject({ end: 'budget', steps: 80, seconds: 80 });
    expect(points.notes).toEqual([{ step: 40, text: 'Continued.' }]);
    expect(weights.get('w')!.data[0]).toBe(80);
  });

  test('a run that was not has what is left, with the rate and threshold of then', async () => {
    const commands: Script['commands'] = {
      5: { type: 'learningRate', value: 0.25 },
      6: { type: 'threshold', value: 2 },
      10: { type: 'stop' },
    };
    const { checkpoint } = await run({ evaluate, commands }, { seconds: 40 });
    const { result, rates, thresholds } = await run({ evaluate }, { seconds: 40 }, checkpoint);
    expect(result).toMatchObject({ end: 'budget', steps: 40, seconds: 40 });
    expect(rates).toEqual(Array(30).fill(0.25));
    expect(thresholds).toEqual(Array(30).fill(2));
  });

  test('the best state is still the best, unless there is a better one', async () => {
    const { checkpoint } = await run({ evaluate: (n) => Math.abs(n - 15) + 1 }, { seconds: 30 });
    const { result, weights, improvements } = await run({ evaluate: () => 9 }, { seconds: 30 }, checkpoint);
    expect(result.bestStep).toBe(15);
    expect(weights.get('w')!.data[0]).toBe(15);
    expect(improvements).toEqual([]);
  });

  test('rewound, it begins at the beginning all the same', async () => {
    const { checkpoint } = await run({ evaluate }, { seconds: 20 });
    const again: Script = { evaluate, commands: { 5: { type: 'rewind' } } };
    const { result, points } = await run(again, { seconds: 20 }, checkpoint);
    expect(points.steps.map(({ step }) => step)).toEqual(numbers(0, 20));
    expect(result).toMatchObject({ steps: 20, seconds: 20 });
  });
});
