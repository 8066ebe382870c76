import { expect, test } from 'vitest';
import type { Manifest } from '../../src/store/manifest.ts';
import { trainedFor } from '../../src/store/trainedFor.ts';

const none = { table: null, regression: null, tagging: null, pairs: null, series: null };
const columns = { reads: ['from'], writes: 'to' };

test.each([
  ['acceptor', 'table'],
  ['regressor', 'regression'],
  ['transducer', 'tagging'],
  ['encoder-decoder', 'pairs'],
] as const)('a model of the task %s is trained again on its columns', (task, part) => {
  const manifest = { ...none, task, [part]: columns } as unknown as Manifest;
  expect(trainedFor(manifest)).toEqual({ kind: task, ...columns, heldOut: null });
});

test('a forecaster is trained again on its columns, and a language model has none', () => {
  const series = { reads: ['a', 'b'], writes: ['b'] };
  expect(trainedFor({ ...none, task: 'forecaster', series } as unknown as Manifest)).toEqual({
    kind: 'forecaster',
    ...series,
  });
  expect(trainedFor({ ...none, task: 'language model' } as unknown as Manifest)).toEqual({
    kind: 'language model',
  });
});
