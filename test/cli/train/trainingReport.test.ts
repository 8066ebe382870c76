// `train` reports a language model as it trains one, and a run that is judged by its accuracy.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { progressLine, resultJson, resultLine, startLine } from '../../../src/cli/train/trainingReport.ts';
import type { LearningCurve } from '../../../src/protocol/learningCurve.ts';
import { emptyPoints, type RunResult, type RunStart } from '../../../src/protocol/run.ts';
import { generation } from '../../store/generation.ts';
import { temporaryFolder } from '../../temporaryFolder.ts';
import { cli, env } from '../unroll.ts';

const folder = temporaryFolder('train');
const text = join(folder, 'text.txt');
beforeAll(() => writeFileSync(text, 'red green blue, and no other\n'.repeat(60)));

test('train --json ends with task, metric and baselines, and with the fields that it always had', () => {
  const said = execFileSync(
    process.execPath,
    [cli, 'train', text, '--epochs', '2', '--hidden', '8', '--layers', '1', '--seed', '1', '--json'],
    { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const json = JSON.parse(said);
  expect(json).toMatchObject({
    task: 'language model',
    metric: { name: 'bits per character', unit: 'bits per character', lowerIsBetter: true },
    lossUnit: 'nats per character',
    end: 'budget',
    engine: 'unroll',
  });
  const { metric, metrics, baselines, loss, bpc, validationLoss, validationBpc, unigramBpc } = json;
  expect(metric.value).toBeGreaterThan(0);
  expect(metrics).toEqual({ 'bits per character': metric.value });
  expect(validationBpc).toBe(metric.value);
  expect(validationLoss).toBeCloseTo(validationBpc * Math.LN2, 12);
  expect(loss).toBeCloseTo(bpc * Math.LN2, 12);
  expect(baselines.map(({ name }: { name: string }) => name)).toEqual(['unigram', 'uniform']);
  expect(unigramBpc).toBe(baselines[0].value);
});

describe('in lines and as JSON', () => {
  const start: RunStart = generation().history.start!;
  const { tokens: _, ...tokenless } = start;
  const classifier: RunStart = {
    ...start,
    task: 'acceptor',
    lossUnit: 'nats',
    metric: { name: 'accuracy', unit: '', lowerIsBetter: false },
    baselines: [{ name: 'commonest class', value: 0.41 }],
  };
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
  const measured = { ...result, metric: 0.8, furtherMetrics: { 'macro F1': 0.7 } };
  const progress = generation().history.progress!;
  const points = {
    ...emptyPoints(),
    validations: [{ step: 2, seconds: 1, loss: 0.3, metric: 0.8 }],
  };

  test.each([
    [startLine(start), 'unroll, 100 parameters, 4 symbols, unigram 1.500 bits per character'],
    [
      startLine({ ...tokenless, vocabulary: 1 }),
      'unroll, 100 parameters, 1 column, unigram 1.500 bits per character',
    ],
    [startLine(classifier), 'unroll, 100 parameters, 4 symbols, commonest class accuracy 0.410'],
    [progressLine(start, progress, points), '   3.0 s  update 100  loss -  1000 tokens/s  validation 0.300'],
    [
      progressLine(classifier, progress, points),
      '   3.0 s  update 100  loss -  1000 tokens/s  validation 0.300  accuracy 0.800',
    ],
    [
      resultLine(start, result),
      '0.300 bits per character on held-out text (character frequencies alone: 1.500)',
    ],
    [
      resultLine(start, { ...result, learnedHeldOut: true }),
      '0.300 bits per character on held-out text, which the model has learned too since then (character frequencies alone: 1.500)',
    ],
    [
      resultLine(start, { ...result, validationLoss: null }),
      '0.200 bits per character on the text that was trained on (character frequencies alone: 1.500)',
    ],
    [resultLine(classifier, measured), 'accuracy 0.800 on held-out text (commonest class: 0.410)'],
    [
      resultLine(classifier, { ...result, validationLoss: null }),
      'loss 0.200 nats on the text that was trained on',
    ],
  ])('%s', (line, expected) => expect(line).toBe(expected));

  test('without baselines, none is named', () => {
    expect(startLine({ ...start, baselines: [] })).toBe('unroll, 100 parameters, 4 symbols');
    expect(resultLine({ ...start, baselines: [] }, result)).toBe('0.300 bits per character on held-out text');
  });

  test('of a classifier', () => {
    const json = resultJson(classifier, measured, '/model');
    expect(json).toMatchObject({
      task: 'acceptor',
      metric: { ...classifier.metric, value: 0.8 },
      metrics: { accuracy: 0.8, 'macro F1': 0.7 },
      baselines: [{ name: 'commonest class', value: 0.41 }],
      loss: 0.2,
      validationLoss: 0.3,
      lossUnit: 'nats',
    });
    expect(json).not.toHaveProperty('bpc');
  });

  test('of a run on few rows, with its learning curve', () => {
    const learningCurve: LearningCurve = {
      lowerIsBetter: false,
      points: [
        { rows: 100, value: 0.5 },
        { rows: 200, value: 0.8 },
      ],
      updates: 300,
      interval: [0.7, 0.875],
      expected: { rows: 400, value: 0.92 },
    };
    const grown = { ...measured, learningCurve };
    expect(resultJson(classifier, grown, '/model')).toMatchObject({ learningCurve });
    expect(resultLine(classifier, grown).split('\n')[1]).toBe(
      'On other rows, 0.70 to 0.88 is to be expected. It grows with the rows, 0.50 from 100, 0.80 from 200: twice as many are to bring about 0.92 (parts of the rows had 300 updates).',
    );
    const flat = { ...learningCurve, interval: null, expected: { rows: 400, value: 0.805 } };
    expect(resultLine(classifier, { ...grown, learningCurve: flat }).split('\n')[1]).toBe(
      'It grows with the rows, 0.50 from 100, 0.80 from 200: more of them would hardly help (parts of the rows had 300 updates).',
    );
  });

  test('of a regressor on few rows, whose errors fall', () => {
    const learningCurve: LearningCurve = {
      ...{ lowerIsBetter: true, updates: 300, interval: null },
      points: [
        { rows: 100, value: 12.345 },
        { rows: 200, value: 8.7654 },
      ],
      expected: { rows: 400, value: 6.2 },
    };
    const grown = { ...measured, learningCurve };
    expect(resultLine(classifier, grown).split('\n')[1]).toBe(
      'It falls with the rows, 12.3 from 100, 8.77 from 200: twice as many are to bring about 6.2 (parts of the rows had 300 updates).',
    );
    const flat = { ...learningCurve, expected: { rows: 400, value: 8.5 } };
    expect(resultLine(classifier, { ...grown, learningCurve: flat })).toContain(
      'more of them would hardly help',
    );
  });

  test('where nothing was held out, the metric has no value', () => {
    expect(resultJson(start, { ...result, validationLoss: null }, '/model')).toMatchObject({
      metric: { name: 'bits per character', value: null },
      metrics: {},
      validationLoss: null,
      validationBpc: null,
      bpc: 0.2,
    });
  });
});
