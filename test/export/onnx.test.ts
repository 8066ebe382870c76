// A model exported as ONNX gives in ONNX Runtime the probabilities that it gives here.
import { beforeAll, expect, test } from 'vitest';
import type { Architecture, Engine } from '../../src/backend/engine.ts';
import { startWasm } from '../../src/backend/wasm/engine.ts';
import { decodeModel } from '../../src/export/onnx/format.ts';
import { encodeNetwork, onnxModel } from '../../src/export/onnx/onnxModel.ts';
import { writeNetwork } from '../../src/export/onnx/writeNetwork.ts';
import { readsBothWays } from '../../src/tape/architecture.ts';
import { initialWeights } from '../../src/tape/parameters.ts';
import { builtin, network, tokens } from '../backend/networks.ts';
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
import { Runtime, tokensOf } from './runtime.ts';

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
  HMM: ['Scan'],
  'Words, Elman': ['Scan', 'RNN'],
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

/** Networks that no text model has, but the engine. */
const architectures: readonly [string, Partial<Architecture>, readonly string[]][] = [
  [
    'bidirectional',
    { layers: ['LSTM', 'GRU', 'MGU'].map(both) },
    ['LSTM', 'LSTM', 'GRU', 'GRU', 'Scan', 'Scan'],
  ],
  ['mean pooling', { head: { kind: 'pooled', pool: 'mean' }, outputs: 3 }, ['RNN', 'Scan']],
  ['max pooling', { head: { kind: 'pooled', pool: 'max' }, outputs: 2, embedding: 3 }, ['RNN', 'Scan']],
];

function both(name: string) {
  return { cell: builtin(name), hidden: 4, bidirectional: true };
}

test.each(architectures)('%s: the loss of rows', async (_, more, expected) => {
  const architecture = network([builtin('Elman')], more);
  const weights = initialWeights(architecture, 2);
  const { graph, states } = writeNetwork(architecture, weights, true);
  const found = graph.nodes.map(({ operator }) => operator);
  expect(found.filter((operator) => expected.includes(operator))).toEqual(expected);
  const [batch, steps] = [3, 8];
  const x = tokens(batch * steps, architecture.inputs, 1);
  const y = tokens(batch * steps, architecture.outputs, 2);
  const optimizer = { kind: 'sgd' } as const;
  const trained = engine.train(architecture, { batch, steps, optimizer, dropout: 0, seed: 1 }, weights);
  const runtime = await Runtime.open(encodeNetwork(graph, {}));
  const rows = Array.from({ length: batch }, (_, row) => [...x.subarray(row * steps, (row + 1) * steps)]);
  const { probabilities } = await runtime.run({ tokens: tokensOf(rows) });
  const nats = y.reduce(
    (sum, target, at) => sum - Math.log(probabilities.data[at * architecture.outputs + target]),
    0,
  );
  expect(nats / y.length).toBeCloseTo(trained.evaluate(x, y, batch), 5);
  // A network that reads rows from their ends too takes them whole.
  expect(states.length > 0).toBe(!readsBothWays(architecture));
  await runtime.close();
  trained.dispose();
});
