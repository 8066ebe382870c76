// Histories on disk: those of this version, those of the first versions, and what is none.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { languageModelMeasures } from '../../src/protocol/metric.ts';
import { outcomeOf } from '../../src/protocol/outcome.ts';
import type { RunSnapshot } from '../../src/protocol/run.ts';
import { parseHistory, readHistory } from '../../src/store/history.ts';
import { generation } from './generation.ts';

const stored = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8');

describe.each(['0.1.0-characters', '0.1.0-pieces'])('the history of %s', (name) => {
  const text = stored(`models/${name}/history.json`);

  test('says that it is of a language model, with the two baselines that it had', () => {
    const { unigram, uniform } = JSON.parse(text).start;
    expect(unigram).toBeGreaterThan(1);
    expect(uniform).toBeGreaterThan(unigram);
    const { start } = parseHistory(text)!;
    expect(start).toMatchObject({
      task: 'language model',
      ...languageModelMeasures,
      baselines: [
        { name: 'unigram', value: unigram },
        { name: 'uniform', value: uniform },
      ],
    });
    expect(start).not.toHaveProperty('unigram');
    expect(start).not.toHaveProperty('uniform');
  });

  test('is judged by its validation loss', () => {
    const run = parseHistory(text)!;
    if (run.status.kind !== 'ended') throw new Error('The stored run has ended.');
    expect(outcomeOf(run)).toEqual({
      metric: { name: 'bits per character', unit: 'bits per character', lowerIsBetter: true },
      value: run.status.result.validationLoss,
    });
  });

  test('once converted, it is read again as it is', () => {
    const run = parseHistory(text)!;
    expect(readHistory(run)).toEqual(run);
  });
});

test('the first histories, which had neither probes nor a date nor baselines of their own choice, are read', () => {
  const run = parseHistory(stored('histories/0.1.0-first.json'))!;
  expect(run.start!.baselines).toEqual([
    { name: 'unigram', value: 3.1 },
    { name: 'uniform', value: 3.9 },
  ]);
  expect(run.points.probes).toEqual([]);
  expect(outcomeOf(run)?.value).toBe(2.25);
});

test('a history of a run that is judged by its accuracy keeps metric and baselines', () => {
  const run = parseHistory(stored('histories/accuracy.json'))!;
  expect(run.start).toMatchObject({
    task: 'acceptor',
    lossUnit: 'nats',
    metric: { name: 'accuracy', unit: '', lowerIsBetter: false },
    baselines: [{ name: 'commonest class', value: 0.41 }],
  });
  expect(run.points.validations.map(({ metric }) => metric)).toEqual([0.5, 0.875, Number.NaN]);
  expect(run.points.validations[1].furtherMetrics).toEqual({ 'macro F1': 0.75 });
  expect(outcomeOf(run)).toEqual({ metric: run.start!.metric, value: 0.875 });
});

test('what is written is read', () => {
  const { history } = generation();
  const start = {
    ...history.start!,
    lossUnit: 'nats',
    metric: { name: 'F1', unit: '%', lowerIsBetter: false },
  };
  const validations = [{ step: 1, seconds: 1, loss: 0.5, metric: 90, furtherMetrics: { accuracy: 95 } }];
  const run: RunSnapshot = { ...history, start, points: { ...history.points, validations } };
  for (const each of [history, run]) expect(parseHistory(JSON.stringify(each))).toEqual(each);
});

test.each([
  ['without baselines', { baselines: undefined }],
  ['with a baseline that has no number', { baselines: [{ name: 'a', value: 'b' }] }],
  ['with a metric that has no direction', { metric: { name: 'accuracy', unit: '' } }],
  ['without the unit of its losses', { lossUnit: undefined }],
])('a history %s is none', (_, wrong) => {
  const { history } = generation();
  expect(readHistory({ ...history, start: { ...history.start, ...wrong } })).toBeNull();
  expect(readHistory(history)).not.toBeNull();
});
