// The sentences below the figures.
import { describe, expect, test } from 'vitest';
import {
  clippingSays,
  lagSays,
  lyapunovSays,
  unitsSays,
  windowSays,
} from '../../../../media/panel/words/captions.ts';
import { emptyPoints, type ProbedPassage, type ProbePoint } from '../../../../src/protocol/run.ts';

const probe = (norms: readonly number[]): ProbePoint => ({
  step: 1,
  seconds: 1,
  gradientByLag: { 'layers.0.h': norms },
  saturation: {},
  spectralRadius: {},
});
const powers = (factor: number, lags: number) => Array.from({ length: lags + 1 }, (_, lag) => factor ** lag);

describe('how far back a gradient reaches', () => {
  test.each<[string, readonly number[], string]>([
    ['vanishing', powers(0.5, 50), 'The gradient of h in layer 1 falls to a thousandth in 10 steps.'],
    [
      'exploding',
      powers(1.1, 50),
      'The gradient of h in layer 1 explodes: after 50 steps it is 117 times as large.',
    ],
    ['at once', [1, 1e-4, 1e-5], 'The gradient of h in layer 1 falls to a thousandth in a step.'],
    ['neither, in a step', [1, 0.61], 'Of the gradient of h in layer 1, 61 % is left after a step.'],
    [
      'explodes in a step',
      [1, 20],
      'The gradient of h in layer 1 explodes: after a step it is 20 times as large.',
    ],
    ['neither', powers(0.99, 50), 'Of the gradient of h in layer 1, 61 % is left after 50 steps.'],
    [
      'both',
      [1, 20, 400, 1, 1e-1],
      'The gradient of h in layer 1 becomes 400 times as large before it falls.',
    ],
    ['none', [0, 0, 0], 'No gradient reaches h in layer 1.'],
    ['too short', [1], ''],
  ])('%s', (_, norms, expected) => expect(lagSays(probe(norms), 'layers.0.h')).toBe(expected));

  test('nothing is said of a state that was not measured', () => {
    expect(lagSays(probe([1, 1]), 'layers.1.h')).toBe('');
    expect(lagSays(undefined, 'layers.0.h')).toBe('');
  });
});

describe('what the largest Lyapunov exponent means', () => {
  test.each<[readonly number[] | undefined, string]>([
    [
      [0.3, -1],
      'Nearby states drift apart, 1.35 times as far with each step: the network is chaotic on this passage.',
    ],
    [[-0.5], 'Different states come together: a thousandth of the difference is left after 14 steps.'],
    [[-7], 'Differences between states vanish within a step.'],
    [[Number.NEGATIVE_INFINITY], 'Differences between states vanish within a step.'],
    [[0.001, -1], 'Differences between states neither grow nor fade: the network is at the edge of chaos.'],
    [[], ''],
    [undefined, ''],
  ])('%j', (lyapunov, expected) =>
    expect(lyapunovSays({ ...probe([1]), ...(lyapunov && { lyapunov }) })).toBe(expected),
  );
});

describe('what clipping does', () => {
  const steps = (norms: readonly number[], clip: number | null) => ({
    ...emptyPoints(),
    steps: norms.map((gradientNorm, step) => ({ step, seconds: step, loss: 1, gradientNorm, clip })),
  });
  test.each<[readonly number[], number | null, string]>([
    [[1, 2, 12], 5, 'Clipped to 5: 1 of the last 3 updates. The largest gradient was 2.4 times that.'],
    [[1, 2, 3], 5, 'None of the last 3 updates was clipped to 5.'],
    [[1, 2, 3], null, 'Nothing is clipped: each update has the norm of its gradient.'],
    [[], 5, ''],
  ])('%j at %j', (norms, clip, expected) => expect(clippingSays(steps(norms, clip))).toBe(expected));
});

test('the unit that holds longest is named', () => {
  const passage = {
    tokens: [...'abcdef'],
    vectors: {
      'layers.0.f': {
        width: 9,
        units: [7, 3],
        values: [
          [0, 1, 1.01, 1.02, 1.03, 0],
          [0, 1, 0, 1, 0, 1],
        ],
      },
    },
  } as unknown as ProbedPassage;
  expect(unitsSays(passage, 'layers.0.f')).toBe(
    'Unit 8 holds its value over 4 tokens. 2 of 9 units are shown, the slowest first.',
  );
  expect(unitsSays(passage, 'layers.0.g')).toBe('');
});

test('after one token, no unit holds anything yet', () => {
  const passage = {
    tokens: ['a'],
    vectors: { 'layers.0.h': { width: 9, units: [7, 3], values: [[0.5], [1]] } },
  } as unknown as ProbedPassage;
  expect(unitsSays(passage, 'layers.0.h')).toBe('2 of 9 units are shown, the slowest first.');
});

test.each<[number, number, RegExp]>([
  [50, 50, /back to the update before/],
  [25, 50, /windows overlap/],
  [50, 25, /are only read/],
])('k1 = %i and k2 = %i', (k1, k2, expected) => expect(windowSays({ k1, k2 })).toMatch(expected));
