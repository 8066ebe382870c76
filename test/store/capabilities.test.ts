import { describe, expect, test } from 'vitest';
import { nodeFiles } from '../../src/platform/node/files.ts';
import { capabilitiesOf, demand } from '../../src/store/capabilities.ts';
import { makeManifest } from '../../src/store/manifest.ts';
import { readManifest } from '../../src/store/modelFolder.ts';
import { generation } from './generation.ts';

const manifest = (more: object) => {
  const files = { weights: 'weights-1.safetensors', text: null };
  return makeManifest({ ...generation().contents, ...files, ...more });
};

const series = (reads: readonly string[], writes: readonly string[]) => {
  const moments = (names: readonly string[]) => names.map(() => ({ mean: 0, deviation: 1 }));
  const standardisation = { reads: moments(reads), writes: moments(writes) };
  return { format: 'CSV', reads, writes, time: null, standardisation };
};

describe('what a model can do', () => {
  test.each([
    [
      'a language model',
      {},
      [
        'sample',
        'export for the web',
        'export for PyTorch',
        'export as ONNX',
        'suggest',
        'generate',
        'surprise',
        'units',
        'train again',
      ],
    ],
    [
      'one that reads backward',
      { direction: 'backward' },
      ['sample', 'export for the web', 'export for PyTorch', 'export as ONNX', 'train again'],
    ],
    [
      'one whose wishes are not known',
      { wishes: undefined, direction: 'backward' },
      ['sample', 'export for the web', 'export for PyTorch', 'export as ONNX'],
    ],
    [
      'an acceptor',
      { task: 'acceptor' },
      ['classify', 'fill', 'export for PyTorch', 'export as ONNX', 'train again'],
    ],
    [
      'a regressor',
      { task: 'regressor' },
      ['predict a number', 'fill', 'export for PyTorch', 'export as ONNX', 'train again'],
    ],
    [
      'a transducer',
      { task: 'transducer' },
      ['tag', 'fill', 'export for PyTorch', 'export as ONNX', 'train again'],
    ],
    [
      'an encoder-decoder',
      { task: 'encoder-decoder' },
      ['rewrite', 'fill', 'export for PyTorch', 'export as ONNX', 'train again'],
    ],
    [
      'a forecaster',
      { task: 'forecaster', series: series(['level', 'sum'], ['sum', 'level']) },
      ['forecast', 'suggest rows', 'export for PyTorch', 'export as ONNX', 'train again'],
    ],
    [
      'a forecaster that reads a column which it does not predict',
      { task: 'forecaster', series: series(['level', 'sum'], ['sum']) },
      ['forecast', 'export for PyTorch', 'export as ONNX', 'train again'],
    ],
  ])('%s', (_, more, expected) => expect([...capabilitiesOf(manifest(more))]).toEqual(expected));

  test.each(['0.1.0-characters', '0.1.0-pieces'])('the earlier version’s model %s', (name) => {
    const earlier = readManifest(nodeFiles, `${import.meta.dirname}/models/${name}`);
    expect(earlier.task).toBe('language model');
    expect(capabilitiesOf(earlier)).toContain('suggest');
  });
});

test('what cannot be done is refused in a sentence', () => {
  expect(() => demand(manifest({}), 'sample')).not.toThrow();
  expect(() => demand(manifest({ task: 'acceptor' }), 'sample')).toThrow(
    'This model is an acceptor, which writes no text. Name a language model.',
  );
  expect(() => demand(manifest({}), 'classify')).toThrow('which names no classes. Name an acceptor');
  expect(() => demand(manifest({ task: 'acceptor' }), 'tag')).toThrow(
    'This model is an acceptor, which names no tags. Name a transducer',
  );
  expect(() => demand(manifest({}), 'predict a number')).toThrow(
    'This model is a language model, which predicts no number of a row. Name a regressor',
  );
  expect(() => demand(manifest({}), 'forecast')).toThrow(
    'This model is a language model, which forecasts no numbers. Name a forecaster',
  );
  expect(() => demand(manifest({ task: 'forecaster' }), 'sample')).toThrow(
    'This model is a forecaster, which writes no text. Name a language model.',
  );
});
