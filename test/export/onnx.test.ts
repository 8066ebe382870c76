// A model exported as ONNX gives in ONNX Runtime the probabilities that it gives here.
import { beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../src/backend/engine.ts';
import { startWasm } from '../../src/backend/wasm/engine.ts';
import { decodeModel } from '../../src/export/onnx/format.ts';
import { onnxModel } from '../../src/export/onnx/onnxModel.ts';
import { readKernels } from '../kernels/modules.ts';
import {
  networks,
  randomNetwork,
  rowsDifference,
  streamDifference,
  text,
  tokenizer,
  twoRows,
} from './networks.ts';

let engine: Engine;
beforeAll(async () => {
  engine = (await startWasm({ read: readKernels, threads: 1, spawn: null }))!;
});

const rows = twoRows(text, tokenizer, 20);

test.each(Object.keys(networks))('%s: whole rows, and a stream', async (name) => {
  const model = randomNetwork(networks[name]);
  expect(await rowsDifference(engine, model, rows)).toBeLessThan(1e-5);
  expect(await streamDifference(engine, model, rows)).toBeLessThan(1e-5);
});

/** The operator of each layer, or the loop of all of them. */
const operators: Readonly<Record<string, readonly string[]>> = {
  LSTM: ['LSTM'],
  'GRU, Elman': ['GRU', 'RNN'],
  'PeepholeLSTM, tied': ['LSTM'],
  'Lags, LSTM': ['Scan', 'LSTM'],
  'Jordan, GRU': ['Scan'],
  Babylonian: ['Scan'],
  'ResetAfter, Mirrored': ['GRU', 'Scan'],
  'Memoryless, backward': [],
};

test.each(Object.keys(networks))('%s: an operator where there is one for the equations', (name) => {
  const { graph } = decodeModel(onnxModel(randomNetwork(networks[name])).bytes);
  const found = graph!.nodes.map(({ operator }) => operator);
  expect(found.filter((operator) => ['LSTM', 'GRU', 'RNN', 'Scan'].includes(operator))).toEqual(
    operators[name],
  );
});
