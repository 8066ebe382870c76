// An encoder-decoder exported as ONNX predicts in ONNX Runtime what it predicts here, and looks where it looks here.
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import type { Architecture, Engine } from '../../src/backend/engine.ts';
import { startWasm } from '../../src/backend/wasm/engine.ts';
import { writeEncoderDecoder } from '../../src/export/onnx/writeEncoderDecoder.ts';
import { architectures, both, encoder, weightsOf } from '../backend/encoderDecoders.ts';
import { builtin, cell, network } from '../backend/networks.ts';
import { readKernels } from '../kernels/modules.ts';
import { pairDifference } from './encoderDecoders.ts';

let engine: Engine;
beforeAll(async () => {
  engine = (await startWasm({ read: readKernels, threads: 1, spawn: null }))!;
});

const positions = cell(readFileSync(`${import.meta.dirname}/pytorch/cases/positions.rnn`, 'utf8'));
const decoder = (name: string, more: Partial<Architecture> = {}) =>
  network([builtin(name)], { encoder: encoder(both), embedding: 4, ...more });

const cases: Readonly<Record<string, Architecture>> = {
  ...architectures,
  DecoderGRU: decoder('DecoderGRU'),
  DecoderLSTM: decoder('DecoderLSTM'),
  AdditiveAttention: decoder('AdditiveAttention'),
  BilinearAttention: decoder('BilinearAttention'),
  'all that is said of positions': network([positions], { encoder: encoder(both) }),
  'outputs that are read again': network([builtin('AdditiveAttention'), builtin('Jordan')], {
    encoder: encoder(both),
  }),
  'attention that no step changes': network(
    [
      cell(
        'cell F\n a[s] = softmax over s (v · m[s])\n c[t] = sum over s (a[s] * m[s])\n b[s] = softmax over s (p · tanh(K m[s] + given))\n h[t] = tanh(W x[t] + C c[t] + D (sum over s (b[s] * m[s])) + U h[t-1])\n h[0] = 0.3 first 2',
      ),
    ],
    { encoder: encoder(both) },
  ),
  'a vector of numbers': decoder('DecoderGRU', {
    encoder: { inputs: 3, input: 'numbers', embedding: 0, layers: [] },
  }),
};

const sources = [
  [1, 5, 0, 2, 3],
  [4, 4, 1, 0, 5],
];
const targets = [
  [4, 1, 0, 3, 2, 2],
  [4, 2, 2, 1, 0, 3],
];

test.each(Object.entries(cases))('%s: a batch of sources, token by token', async (_, architecture) => {
  const weights = weightsOf(architecture, 3);
  const read = architecture.encoder!.input === 'numbers' ? [[0.3, -1.2, 2]] : sources;
  const written = targets.slice(0, read.length);
  expect(await pairDifference(engine, architecture, weights, read, written)).toBeLessThan(1e-5);
  const alone = sources.slice(0, 1).map((source) => source.slice(0, read === sources ? 1 : 3));
  expect(await pairDifference(engine, architecture, weights, alone, targets.slice(0, 1))).toBeLessThan(1e-5);
});

test('what does not depend on a step is computed once, by the encoder', () => {
  const architecture = cases.AdditiveAttention;
  const graphs = writeEncoderDecoder(architecture, weightsOf(architecture, 1));
  const constants = ({ initializers }: typeof graphs.encoder) => initializers.map(({ name }) => name);
  expect(constants(graphs.encoder)).toContain('layers.0.U_a');
  expect(constants(graphs.decoder)).not.toContain('layers.0.U_a');
  expect(graphs.names).toEqual({
    encoded: ['of_source/0', 'memory'],
    states: [{ input: 'layers.0.h-1', output: 'next/layers.0.h-1' }],
    attention: ['attention/layers.0.a'],
  });
  const inputs = graphs.decoder.inputs.map(({ name }) => name);
  expect(inputs).toEqual(['token', 'layers.0.h-1', 'of_source/0', 'memory']);
});
