import { describe, expect, test } from 'vitest';
import {
  columnsOf,
  comparisonCsv,
  comparisonMarkdown,
  labels,
  leftOut,
  metricsOf,
  type Row,
  row,
  sharesLoss,
  sharesMetric,
  shownMeasures,
  sorted,
} from '../../../../media/panel/tables/comparison.ts';
import {
  languageModelMeasures,
  type Measures,
  type Metric,
  metricOf,
} from '../../../../src/protocol/metric.ts';
import { emptyPoints, type RunPoints, type RunSnapshot } from '../../../../src/protocol/run.ts';
import { longRun } from '../../../host/panelPage.ts';

const { start } = longRun(1);
const run = (title: string, layers: string | null, date = '2026-01-01T12:00:00.000Z'): RunSnapshot => ({
  title,
  date,
  status: { kind: 'running' },
  start: layers === null ? null : { ...start!, layers },
  progress: null,
  points: emptyPoints(),
});

describe('runs are called by what tells them apart', () => {
  test.each<[string, RunSnapshot[], string[]]>([
    ['their cells', [run('a.log', 'GRU 8'), run('a.log', 'LSTM 8')], ['GRU 8', 'LSTM 8']],
    ['their texts', [run('a.log', 'GRU 8'), run('b.log', 'GRU 8')], ['a.log, GRU 8', 'b.log, GRU 8']],
    [
      'what there is',
      [run('a.log with GRU', 'GRU 8'), run('a.log with Mine', null)],
      ['a.log with GRU, GRU 8', 'a.log with Mine'],
    ],
  ])('%s', (_, runs, expected) => expect(labels(runs)).toEqual(expected));

  test('their times', () => {
    const [first, second] = labels([
      run('a.log', 'GRU 8'),
      run('a.log', 'GRU 8', '2026-01-02T12:00:00.000Z'),
    ]);
    expect(first).toMatch(/^a\.log, GRU 8, .*1/);
    expect(second).not.toBe(first);
  });
});

const bits = metricOf(languageModelMeasures);
const accuracy: Metric = { name: 'accuracy', unit: '', lowerIsBetter: false };

const line = (label: string, value: number | null, remark = ''): Row => ({
  label,
  values: [value],
  tokensPerSecond: 1234.5,
  parameters: 99,
  seconds: value,
  remark,
});
const lines = [line('b', null, 'No.'), line('c', 2), line('a', 3)];

test.each<[string, boolean, string]>([
  ['bits per character', false, 'cab'],
  ['bits per character', true, 'acb'],
  ['run', false, 'abc'],
  ['run', true, 'cba'],
])('sorted by %s, descending: %s, what is not known is last', (name, descending, expected) => {
  const by = columnsOf([bits]).find((column) => column.name === name)!;
  expect(
    sorted(lines, by, descending)
      .map(({ label }) => label)
      .join(''),
  ).toBe(expected);
});

test('as CSV and as Markdown', () => {
  expect(comparisonCsv(columnsOf([bits]), [line('GRU 8, GRU 8', 2)])).toBe(
    'run,bits per character,tokens/s,trained parameters,seconds,remark\r\n"GRU 8, GRU 8",2.000,1235,99,2.0,\r\n',
  );
  expect(comparisonMarkdown(columnsOf([bits]), [line('a|b', null, 'No.')])).toBe(
    '| run | bits per character | tokens/s | trained parameters | seconds | remark |\n' +
      '| --- | ---: | ---: | ---: | ---: | --- |\n' +
      '| a\\|b |  | 1,235 | 99 |  | No. |\n',
  );
});

describe('runs that are judged by different metrics', () => {
  const of = (title: string, measures: Measures | null, points: Partial<RunPoints> = {}): RunSnapshot => ({
    ...run(title, measures && 'GRU 8'),
    ...(measures ? { start: { ...start!, layers: 'GRU 8', ...measures } } : {}),
    points: { ...emptyPoints(), ...points },
  });
  const look = (loss: number, metric?: number) => ({
    validations: [{ step: 1, seconds: 1, loss, ...(metric === undefined ? {} : { metric }) }],
  });
  const classifier: Measures = { lossUnit: 'nats', metric: accuracy };
  const text = of('a.log', languageModelMeasures, look(1.5));
  const table = of('b.tsv', classifier, look(0.4, 0.9));
  const better = of('c.tsv', classifier, look(0.5, 0.95));
  const failed = of('d.tsv', null);

  test('each metric has a column, with the values of the runs that it judges', () => {
    const runs = [table, text, better, failed];
    const metrics = metricsOf(runs);
    expect(metrics).toEqual([accuracy, bits]);
    expect(runs.map((each) => row(each.title, each, metrics).values)).toEqual([
      [0.9, null],
      [null, 1.5],
      [0.95, null],
      [null, null],
    ]);
  });

  test('the best is first, which has the highest value where higher is better', () => {
    const metrics = metricsOf([table, better]);
    const [, column] = columnsOf(metrics);
    const rows = [failed, table, better].map((each) => row(each.title, each, metrics));
    expect(column).toMatchObject({ name: 'accuracy', isBestHighest: true });
    expect(columnsOf([bits])[1].isBestHighest).toBe(false);
    expect(sorted(rows, column, column.isBestHighest).map(({ label }) => label)).toEqual([
      'c.tsv',
      'b.tsv',
      'd.tsv',
    ]);
  });

  test('a run without held-out part is listed by its training loss, in a column of its own', () => {
    const result = {
      end: 'budget',
      steps: 1,
      tokens: 1,
      characters: 1,
      seconds: 1,
      tokensPerSecond: 1,
      trainLoss: 0.3,
      validationLoss: null,
      bestStep: 1,
    } as const;
    const short = { ...of('e.tsv', classifier), status: { kind: 'ended', result } } as const;
    expect(metricsOf([table, short])).toEqual([
      accuracy,
      { name: 'loss', unit: 'nats', lowerIsBetter: true },
    ]);
  });

  test('only what shares a unit shares a chart, and what is left out is named', () => {
    const isDrawn = (other: RunSnapshot) => sharesLoss(shownMeasures(text, []), other);
    expect(leftOut(text, [table, of('g.log', languageModelMeasures), failed], isDrawn)).toEqual([
      'b.tsv, GRU 8',
    ]);
    const f1 = of('f.tsv', { lossUnit: 'nats', metric: { ...accuracy, name: 'macro F1' } });
    expect(sharesLoss(classifier, f1)).toBe(true);
    expect(sharesMetric(classifier, f1)).toBe(false);
    expect(sharesMetric(classifier, better)).toBe(true);
  });

  test('a run that failed before it began leaves the charts to the others', () => {
    expect(shownMeasures(failed, [table])).toMatchObject(classifier);
    expect(shownMeasures(failed, [])).toEqual(languageModelMeasures);
  });
});
