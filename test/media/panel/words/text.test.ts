// Checks what the panel says about a run.
import { describe, expect, test } from 'vitest';
import { gradientCsv, lossCsv, metricCsv } from '../../../../media/panel/charts/measurementCsv.ts';
import { Series } from '../../../../media/panel/charts/series.ts';
import { csv } from '../../../../media/panel/figure/csv.ts';
import { clippedShare } from '../../../../media/panel/words/clippedShare.ts';
import { announcement, figures, sentence } from '../../../../media/panel/words/text.ts';
import { languageModelMeasures, type Measures } from '../../../../src/protocol/metric.ts';
import { bestValidation } from '../../../../src/protocol/outcome.ts';
import {
  emptyPoints,
  type RunPoints,
  type RunSnapshot,
  type StepPoint,
} from '../../../../src/protocol/run.ts';

const step = (number: number, more: Partial<StepPoint> = {}): StepPoint => ({
  step: number,
  seconds: number / 10,
  loss: 3,
  gradientNorm: 1,
  clip: 5,
  ...more,
});

const steps = (count: number, more: (n: number) => Partial<StepPoint> = () => ({})) =>
  Array.from({ length: count }, (_, i) => step(i + 1, more(i + 1)));

/** Returns validation losses at steps 10, 20, …. */
const looks = (...losses: number[]) =>
  losses.map((loss, i) => ({ step: 10 * (i + 1), seconds: i + 1, loss }));

function run(points: Partial<RunPoints>, more: Partial<RunSnapshot> = {}): RunSnapshot {
  return {
    title: 'a.log',
    date: '2026-01-01T12:00:00.000Z',
    status: { kind: 'running' },
    start: {
      layers: 'LSTM 8',
      engine: 'unroll',
      fallback: null,
      remarks: [],
      parameters: 1000,
      vocabulary: 30,
      characters: 5000,
      task: 'language model',
      ...languageModelMeasures,
      baselines: [
        { name: 'unigram', value: 4.5 },
        { name: 'uniform', value: 4.9 },
      ],
      seconds: 60,
      epochs: null,
    },
    progress: null,
    points: { ...emptyPoints(), ...points },
    ...more,
  };
}

describe('in one sentence', () => {
  test.each<[string, RunSnapshot | null, RegExp]>([
    ['nothing yet', null, /Train on Current File/],
    ['no look yet', run({ steps: steps(5) }), /first time/],
    [
      'trained elsewhere',
      run({ steps: steps(20) }, { status: { kind: 'elsewhere' } }),
      /^This run is being trained in another window/,
    ],
    ['no better than the unigram', run({ steps: steps(20), validations: looks(4.8) }), /not yet better/],
    ['better', run({ steps: steps(20), validations: looks(4.8, 3) }), /1\.50 bits per character better/],
    [
      'overfitting',
      run({
        steps: steps(60, (n) => ({ loss: 4 - n / 20 })),
        validations: looks(3, 2, 2.1, 2.2, 2.3, 2.4),
      }),
      /^Overfitting since step 20: validation has not improved since then, and training has/,
    ],
    [
      'no progress',
      run({ steps: steps(60), validations: looks(3, 2, 2.1, 2.2, 2.3, 2.4) }),
      /^No progress since step 20/,
    ],
    [
      'a few looks that come often',
      run({
        steps: steps(1000),
        validations: [900, 910, 920, 930, 940].map((at) => ({ step: at, seconds: at, loss: at / 900 })),
      }),
      /^Training: 3\.46 bits per character better/,
    ],
    ...[true, false, 'before'].map(
      (learnedHeldOut) =>
        [
          `ended, the held-out text learned: ${learnedHeldOut}`,
          run(
            {},
            {
              status: {
                kind: 'ended',
                result: {
                  end: 'budget',
                  steps: 9,
                  characters: 1000,
                  tokens: 90,
                  seconds: 1,
                  tokensPerSecond: 90,
                  trainLoss: 1.5,
                  validationLoss: 1.75,
                  bestStep: 8,
                  learnedHeldOut: learnedHeldOut !== false,
                  ...(learnedHeldOut === 'before' && { learnedBefore: true }),
                },
              },
            },
          ),
          learnedHeldOut === 'before'
            ? /^Done: 1\.75 bits per character on held-out text, which it had learned before\.$/
            : learnedHeldOut
              ? /^Done: 1\.75 bits per character on text it has not seen, reached at step 8\. The model .* has since learned that text too/
              : /^Done: 1\.75 bits per character on text it has not seen, reached at step 8\.$/,
        ] as [string, RunSnapshot, RegExp],
    ),
    [
      'ended without held-out text',
      run(
        {},
        {
          status: {
            kind: 'ended',
            result: {
              end: 'budget',
              steps: 9,
              characters: 1000,
              tokens: 90,
              seconds: 1,
              tokensPerSecond: 90,
              trainLoss: 1.5,
              validationLoss: null,
              bestStep: 9,
            },
          },
        },
      ),
      /^Done: 1\.50 bits per character on the text that it was trained on/,
    ],
    [
      'clipped',
      run({
        steps: steps(200, (n) => ({ gradientNorm: n % 5 < 2 ? 6 : 1 })),
        validations: looks(3),
      }),
      /^40 % of steps are clipped: a smaller learning rate may help/,
    ],
    ['paused', run({}, { status: { kind: 'paused' } }), /^Paused at step 0/],
    ['failed', run({}, { status: { kind: 'failed', message: 'No.' } }), /^No\.$/],
  ])('%s', (_, given, expected) => expect(sentence(given)).toMatch(expected));

  test('for screen readers with the validation loss', () => {
    expect(announcement(run({ steps: steps(20), validations: looks(4.8, 3) }))).toMatch(/3\.00 bits/);
  });
});

test.each<[string, RunPoints['steps'], number | null]>([
  ['too few steps', steps(20, () => ({ gradientNorm: 9 })), null],
  ['no clipping', steps(300, () => ({ clip: null })), null],
  ['none clipped', steps(300), 0],
  ['only the last ones count', steps(400, (n) => ({ gradientNorm: n > 300 ? 9 : 1 })), 0.5],
])('the share of clipped steps: %s', (_, given, expected) => {
  expect(clippedShare({ ...emptyPoints(), steps: given })).toBe(expected);
});

test('figures are what there is, by name', () => {
  const names = figures(run({ steps: steps(20), validations: looks(4) })).map(({ name }) => name);
  expect(names).toEqual(['training', 'validation', 'trained parameters', 'engine']);
});

test('the best point is the lowest look at the held-out text; after clipping no norm is above its threshold', () => {
  const series = new Series(languageModelMeasures);
  series.append({
    ...emptyPoints(),
    steps: steps(10, (n) => ({ gradientNorm: n })),
    validations: looks(3, 2, 2.5),
  });
  series.append({ ...emptyPoints(), validations: [{ step: 40, seconds: 4, loss: 1 }] });
  expect(series.best).toEqual({ x: 40, y: 1 });
  expect(series.clipped.map(({ y }) => y)).toEqual([1, 2, 3, 4, 5, 5, 5, 5, 5, 5]);
  expect(series.last).toBe(40);
});

describe('the numbers as CSV', () => {
  test('cells that hold commas, quotes or line ends are quoted', () => {
    expect(csv(['a', 'b,c'], [[1, 'say "x"\n']])).toBe('a,"b,c"\r\n1,"say ""x""\n"\r\n');
  });

  test('loss and norm, a row a step', () => {
    const points = { ...emptyPoints(), steps: [step(9), step(10, { clip: null })], validations: looks(2, 1) };
    expect(lossCsv(points, languageModelMeasures).split('\r\n')).toEqual([
      'step,seconds,training loss (bpc),validation loss (bpc)',
      '9,0.9,3,',
      '10,1,3,2',
      '20,2,,1',
      '',
    ]);
    expect(gradientCsv(points)).toContain('\r\n10,1,1,\r\n');
  });
});

describe('a run that is judged by another metric than its loss', () => {
  const measures: Measures = {
    lossUnit: 'nats',
    metric: { name: 'accuracy', unit: '', lowerIsBetter: false },
  };
  const judged = (points: Partial<RunPoints>, more: Partial<RunSnapshot> = {}) => {
    const plain = run(points, more);
    const baselines = [
      { name: 'uniform', value: 0.1 },
      { name: 'commonest class', value: 0.4 },
    ];
    return { ...plain, start: { ...plain.start!, ...measures, baselines } };
  };
  const accuracies = (...values: number[]) =>
    values.map((metric, i) => ({ step: 10 * (i + 1), seconds: i + 1, loss: 1 - metric, metric }));

  test.each<[string, number[], string]>([
    ['no better than the hardest baseline', [0.4], 'Training: not yet better than the commonest class.'],
    ['better', [0.4, 0.75], 'Training: accuracy 0.75, 0.35 better than the commonest class.'],
  ])('%s', (_, values, expected) =>
    expect(sentence(judged({ steps: steps(20), validations: accuracies(...values) }))).toBe(expected),
  );

  test('without a baseline, its value', () => {
    const { start, ...others } = judged({ validations: accuracies(0.4) });
    expect(sentence({ ...others, start: { ...start, baselines: [] } })).toBe('Training: accuracy 0.40.');
  });

  test('ended, and for screen readers', () => {
    const result = {
      end: 'budget',
      steps: 9,
      characters: 1000,
      tokens: 90,
      seconds: 1,
      tokensPerSecond: 90,
      trainLoss: 0.5,
      bestStep: 8,
    } as const;
    const ended = (more: { validationLoss: number | null; metric?: number }) =>
      sentence(judged({}, { status: { kind: 'ended', result: { ...result, ...more } } }));
    expect(ended({ validationLoss: 0.2, metric: 0.8 })).toBe(
      'Done: accuracy 0.80 on text it has not seen, reached at step 8.',
    );
    expect(ended({ validationLoss: null })).toMatch(
      /^Done: loss 0\.50 nats on the text that it was trained on/,
    );
    const few = judged({}, { status: { kind: 'ended', result: { ...result, validationLoss: null } } });
    const rows = { train: 20, heldOut: 0, skipped: 0, empty: 0 };
    expect(sentence({ ...few, start: { ...few.start, rows } })).toBe(
      'Done: loss 0.50 nats on the rows that it was trained on: none was held out, as the rows are too few, or too few of them differ.',
    );
    expect(announcement(judged({ steps: steps(20), validations: accuracies(0.75) }))).toMatch(
      /Validation at accuracy 0\.75\.$/,
    );
  });

  test('its figures have the loss in its unit, the metric and further ones', () => {
    const [validation] = accuracies(0.75);
    const further = { ...validation, furtherMetrics: { 'macro F1': 0.5 } };
    expect(figures(judged({ steps: steps(20), validations: [further] })).slice(0, 4)).toEqual([
      { name: 'training', value: '3.00 nats' },
      { name: 'validation', value: '0.25 nats' },
      { name: 'accuracy', value: '0.75' },
      { name: 'macro F1', value: '0.50' },
    ]);
  });

  test('its best point is that of the state with the best metric, which is kept', () => {
    const validations = [
      { step: 10, seconds: 1, loss: 0.3, metric: 0.7 },
      { step: 20, seconds: 2, loss: 0.4, metric: 0.8 },
      { step: 30, seconds: 3, loss: 0.35, metric: 0.8 },
      { step: 40, seconds: 4, loss: 0.2, metric: 0.75 },
    ];
    const points = { ...emptyPoints(), validations };
    const series = new Series(measures);
    series.append(points);
    expect(series.metric.map(({ y }) => y)).toEqual([0.7, 0.8, 0.8, 0.75]);
    expect([series.best, series.bestMetric]).toEqual([
      { x: 30, y: 0.35 },
      { x: 30, y: 0.8 },
    ]);
    expect(bestValidation(measures, validations)?.step).toBe(30);
    const error = new Series({ ...measures, metric: { ...measures.metric!, lowerIsBetter: true } });
    error.append(points);
    expect(error.bestMetric).toEqual({ x: 10, y: 0.7 });
    const byLoss = new Series(languageModelMeasures);
    expect([byLoss.best, byLoss.bestMetric]).toEqual([null, null]);
    byLoss.append({ ...emptyPoints(), validations: looks(Number.NaN, 2, 1, 1.5) });
    expect([byLoss.best, byLoss.bestMetric]).toEqual([{ x: 30, y: 1 }, null]);
  });

  test('its numbers as CSV', () => {
    const points = { ...emptyPoints(), steps: [step(10)], validations: accuracies(0.75) };
    expect(lossCsv(points, measures)).toBe(
      'step,seconds,training loss (nats),validation loss (nats)\r\n10,1,3,0.25\r\n',
    );
    expect(metricCsv(points, measures)).toBe('step,seconds,accuracy\r\n10,1,0.75\r\n');
    const [validation] = points.validations;
    const further = [{ ...validation, furtherMetrics: { 'macro F1': 0.5 } }];
    expect(metricCsv({ ...points, validations: further }, measures)).toBe(
      'step,seconds,accuracy,macro F1\r\n10,1,0.75,0.5\r\n',
    );
  });
});
