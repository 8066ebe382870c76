// The sentences on a run's metric, and on its results.
import { describe, expect, test } from 'vitest';
import {
  abbreviation,
  advantage,
  type Baseline,
  hardestBaseline,
  languageModelMeasures,
  lossMetric,
  type Measures,
  type Metric,
  metricOf,
  writeMeasure,
  writeValue,
} from '../../src/protocol/metric.ts';
import { bestValidation, latestOutcome, outcomeOf, resultOutcome } from '../../src/protocol/outcome.ts';
import {
  emptyPoints,
  type RunPoints,
  type RunResult,
  type RunSnapshot,
  type ValidationPoint,
} from '../../src/protocol/run.ts';
import { generation } from '../store/generation.ts';

const accuracy: Metric = { name: 'accuracy', unit: '', lowerIsBetter: false };
const classifier = { lossUnit: 'nats', metric: accuracy };
const bits = metricOf(languageModelMeasures);

test.each<[Metric, string]>([
  [bits, '1.43 bits per character'],
  [accuracy, 'accuracy 1.43'],
  [{ name: 'accuracy', unit: '%', lowerIsBetter: false }, 'accuracy 1.43 %'],
  [lossMetric(classifier), 'loss 1.43 nats'],
])('%o is written as %s', (metric, expected) => expect(writeMeasure(metric, '1.43')).toBe(expected));

test('in the words of the reader', () => {
  expect(writeMeasure(bits, '1.43', abbreviation)).toBe('1.43 bpc');
  expect(writeMeasure(accuracy, '0.9', (text) => text.toUpperCase())).toBe('ACCURACY 0.9');
});

test('the better value is the lower or the higher one', () => {
  expect(advantage(bits, 1.5, 2)).toBe(0.5);
  expect(advantage(accuracy, 1.5, 2)).toBe(-0.5);
});

test.each<[Metric, readonly Baseline[], string | undefined]>([
  [
    bits,
    [
      { name: 'unigram', value: 4 },
      { name: 'uniform', value: 6 },
    ],
    'unigram',
  ],
  [
    bits,
    [
      { name: 'unigram', value: 4 },
      { name: 'uniform', value: 4 },
    ],
    'unigram',
  ],
  [
    accuracy,
    [
      { name: 'uniform', value: 0.1 },
      { name: 'commonest class', value: 0.4 },
    ],
    'commonest class',
  ],
  [accuracy, [], undefined],
])('of %o, the hardest baseline in %o is %s', (metric, baselines, expected) =>
  expect(hardestBaseline(metric, baselines)?.name).toBe(expected),
);

describe('what a run has come to', () => {
  const run = (points: Partial<RunPoints>, more: Partial<RunSnapshot> = {}): RunSnapshot => ({
    ...generation().history,
    points: { ...emptyPoints(), ...points },
    ...more,
  });
  const judged = (each: RunSnapshot): RunSnapshot => ({ ...each, start: { ...each.start!, ...classifier } });
  const validations = [
    { step: 1, seconds: 1, loss: 0.5, metric: 0.6 },
    { step: 2, seconds: 2, loss: 0.3, metric: 0.9 },
    { step: 3, seconds: 3, loss: 0.4, metric: 0.8 },
  ];
  const steps = [{ step: 1, seconds: 1, loss: 2, gradientNorm: 1, clip: null }];
  const result: RunResult = {
    end: 'budget',
    steps: 3,
    tokens: 3,
    characters: 3,
    seconds: 3,
    tokensPerSecond: 1,
    trainLoss: 0.2,
    validationLoss: 0.3,
    bestStep: 2,
  };

  test('the state that is kept is the best by the metric, and by the loss where that is the same', () => {
    const at = (step: number, loss: number, metric?: number) => ({
      ...{ step, seconds: step, loss },
      ...(metric === undefined ? {} : { metric }),
    });
    const best = (of: Measures, ...points: ValidationPoint[]) => bestValidation(of, points)?.step;
    expect(best(languageModelMeasures, at(1, 3), at(2, 1), at(3, 1), at(4, 2))).toBe(2);
    expect(best(classifier, at(1, 3, 0.5), at(2, 1, 0.7), at(3, 2, 0.9), at(4, 1, 0.8))).toBe(3);
    expect(best(classifier, at(1, 3, 0.5), at(2, 1, 0.9), at(3, 0.5, 0.9), at(4, 1, 0.9))).toBe(3);
    expect(best(classifier, at(1, 3), at(2, 2), at(3, 4))).toBe(2);
    expect(best(classifier, at(1, 3, 0.5), at(2, Number.NaN, 0.9))).toBe(1);
    expect(bestValidation(classifier, [])).toBeNull();
    // A network that has exploded is not kept, also where it is the first one that is measured.
    expect(best(languageModelMeasures, at(1, Number.NaN), at(2, 3))).toBe(2);
    expect(best(languageModelMeasures, at(1, Number.NaN), at(2, Number.POSITIVE_INFINITY))).toBeUndefined();
  });

  test.each<[string, RunSnapshot, unknown, unknown]>([
    ['before anything', run({}), null, null],
    ['before the first look', run({ steps }), null, { metric: bits, value: 2 }],
    ['a loss', run({ steps, validations }), { metric: bits, value: 0.3 }, { metric: bits, value: 0.4 }],
    [
      'a metric',
      judged(run({ steps, validations })),
      { metric: accuracy, value: 0.9 },
      { metric: accuracy, value: 0.8 },
    ],
    [
      'a metric before the first look',
      judged(run({ steps })),
      null,
      { metric: { name: 'loss', unit: 'nats', lowerIsBetter: true }, value: 2 },
    ],
    [
      'a metric that is missing',
      judged(run({ validations: [{ step: 1, seconds: 1, loss: 0.5 }] })),
      null,
      null,
    ],
    [
      'without start',
      run({ validations }, { start: null }),
      { metric: bits, value: 0.3 },
      { metric: bits, value: 0.4 },
    ],
  ])('%s', (_, given, best, latest) => {
    expect(outcomeOf(given)).toEqual(best);
    expect(latestOutcome(given)).toEqual(latest);
  });

  test('when it has ended', () => {
    const ended = (more: Partial<RunResult>) => ({ ...result, ...more });
    expect(resultOutcome(languageModelMeasures, result)).toEqual({ metric: bits, value: 0.3 });
    expect(resultOutcome(classifier, ended({ metric: 0.8 }))).toEqual({ metric: accuracy, value: 0.8 });
    expect(resultOutcome(classifier, ended({ validationLoss: null }))).toEqual({
      metric: lossMetric(classifier),
      value: 0.2,
    });
    expect(outcomeOf(judged(run({}, { status: { kind: 'ended', result } })))).toBeNull();
  });
});

test.each([
  [1.432, 2, '1.43'],
  [12_345.678, 2, '12345.68'],
  [0.1, 2, '0.10'],
  [0, 2, '0.00'],
  [0.0312, 2, '0.031'],
  [-0.0312, 2, '-0.031'],
  [0.00123, 3, '0.0012'],
  [0.0123, 3, '0.012'],
  [Number.NaN, 2, 'NaN'],
])(
  '%d with %d decimals is written as %s: small values keep two significant digits',
  (value, decimals, text) => expect(writeValue(value, decimals)).toBe(text),
);
