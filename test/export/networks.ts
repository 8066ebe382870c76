// Networks with random weights, of which an exported model must give the same probabilities.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../../src/backend/engine.ts';
import { builtinCells } from '../../src/cells/index.ts';
import { Tokenizer } from '../../src/data/text/tokens/tokenizer.ts';
import { Vocabulary } from '../../src/data/text/vocabulary.ts';
import { onnxModel } from '../../src/export/onnx/onnxModel.ts';
import { nodeFiles } from '../../src/platform/node/files.ts';
import { readModel, type StoredModel } from '../../src/store/modelFolder.ts';
import { type RandomModel, writeRandomModel } from '../worker/randomModel.ts';
import { Runtime, type Tensor, tokensOf } from './runtime.ts';

export const text = 'the cell is the text: it reads, and it writes.\n'.repeat(3);
export const tokenizer = new Tokenizer('pieces', Vocabulary.of(text), ['th', 'the', 'it', ' the']);

export type Network = Omit<RandomModel, 'tokenizer'>;

export const builtin = (...names: string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, builtinCells.get(name)!]));

/** Every function, lags of several steps, widths of their own, and a state that is learned in part. */
const lags = `cell Lags
  a[t] = softmax(W_a x[t] + b_a)
  p[t] = V x[t]
  width p = 3
  q[t] = exp(r) / 2 + min(r, 0.3) - A r
  h[t] = clip(norm(W p[t] + U h[t-1] + T h[t-3]) * q[t] + h[t-2]^2, -2, 2) + abs(a[t]) - log(2 + relu(b))
  h[0] = learned from 0.2 first 4
`;
/** A GRU with the reset gate after the product, in an order and with names of its own. */
const resetAfter = `cell ResetAfter
  keep[t] = σ(b_k + A x[t] + B h[t-1])
  r[t] = σ(W_r x[t] + U_r h[t-1])
  h[t] = tanh((U_n h[t-1] + d) * r[t] + W_n x[t] + b_n) * (1 - keep[t]) + keep[t] * h[t-1]
  h[0] = learned from 0.1
`;
/** Not quite a GRU: its gate keeps what the other writes. */
const mirrored = `cell Mirrored
  z[t] = σ(W_z x[t] + U_z h[t-1])
  h[t] = (1 - z[t]) * h[t-1] + z[t] * tanh(W x[t] + U (z[t] * h[t-1]))
`;
/** Earlier inputs, sums, trained numbers and transposes. */
const words = `cell Words
  n[t] = 0.5 * n[t-1] + sum(sin(W x[t])) / 4
  p[t] = Uᵀ h[t-1] + b * n[t] + a
  h[t] = tanh(cos(U p[t] + V x[t-1] + V x[t-2]) * sum(b) / 8 + a)
  width a, n = 1
  init a = 0.3
  init b = normal(0.5)
`;
/** It remembers nothing, and one of its vectors is the same at every step. */
const memoryless = `cell Memoryless
  s[t] = exp(a)
  h[t] = tanh(W x[t] + b) * norm(s[t]) + 0.5
`;

export const networks: Readonly<Record<string, Network>> = {
  LSTM: { cells: builtin('LSTM') },
  'GRU, Elman': { cells: builtin('GRU', 'Elman'), embedding: 4 },
  'PeepholeLSTM, tied': { cells: builtin('PeepholeLSTM'), embedding: 7, tied: true },
  'Lags, LSTM': { cells: { Lags: lags, ...builtin('LSTM') } },
  'Jordan, GRU': { cells: builtin('Jordan', 'GRU'), embedding: 3 },
  Babylonian: { cells: builtin('Babylonian') },
  HMM: { cells: builtin('HMM') },
  'Words, Elman': { cells: { Words: words, ...builtin('Elman') } },
  'ResetAfter, Mirrored': { cells: { ResetAfter: resetAfter, Mirrored: mirrored } },
  'Memoryless, backward': { cells: { Memoryless: memoryless }, direction: 'backward' },
};

/** Makes a model with random weights. */
export function randomNetwork(network: Network, seed = 3): StoredModel {
  const directory = mkdtempSync(join(tmpdir(), 'unroll-network-'));
  try {
    writeRandomModel(directory, { tokenizer, seed, ...network });
    return readModel(nodeFiles, directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** The probabilities along rows of tokens, [rows × steps × V]. */
export function probabilities(
  engine: Engine,
  { architecture, weights }: Pick<StoredModel, 'architecture' | 'weights'>,
  rows: readonly (readonly number[])[],
): Float32Array {
  const predictor = engine.predict(architecture, weights);
  const size = architecture.outputs;
  const all = new Float32Array(rows.length * rows[0].length * size);
  const logits = new Float32Array(size);
  let at = 0;
  for (const row of rows) {
    const state = predictor.initial();
    for (const token of row) {
      predictor.next(state, token, state, logits);
      const most = Math.max(...logits);
      const powers = Array.from(logits, (logit) => Math.exp(logit - most));
      const sum = powers.reduce((a, b) => a + b, 0);
      all.set(
        powers.map((power) => power / sum),
        at,
      );
      at += size;
    }
  }
  predictor.dispose();
  return all;
}

/** Returns the largest absolute difference. */
export function furthest(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  // What is no number stays the result.
  return a.reduce((most, value, index) => {
    const difference = Math.abs(value - b[index]);
    return difference <= most || Number.isNaN(most) ? most : difference;
  }, 0);
}

/** Two rows of tokens of one length. */
export function twoRows(text: string, of: Tokenizer, length: number): readonly [number[], number[]] {
  const tokens = [...of.encode(text)];
  return [tokens.slice(0, length), tokens.slice(-length)];
}

/** Compares what the exported model gives for whole rows with what the engine gives. */
export async function rowsDifference(
  engine: Engine,
  model: StoredModel,
  rows: readonly (readonly number[])[],
): Promise<number> {
  const runtime = await Runtime.open(onnxModel(model).bytes);
  const result = await runtime.run({ tokens: tokensOf(rows) });
  await runtime.close();
  return furthest(result.probabilities.data, probabilities(engine, model, rows));
}

/** The same where the rows are read in three parts, and the states are handed on. */
export async function streamDifference(
  engine: Engine,
  model: StoredModel,
  rows: readonly (readonly number[])[],
): Promise<number> {
  const { bytes, vocabulary } = onnxModel(model, false);
  const { states } = vocabulary as { states: { input: string; output: string; initial: number[] }[] };
  const runtime = await Runtime.open(bytes);
  let inputs: Readonly<Record<string, Tensor>> = Object.fromEntries(
    states.map(({ input, initial }) => [
      input,
      {
        dims: [rows.length, initial.length],
        data: Float32Array.from(rows.flatMap(() => initial)),
      },
    ]),
  );
  const wanted = probabilities(engine, model, rows);
  const steps = rows[0].length;
  const size = model.architecture.outputs;
  let worst = 0;
  for (const [from, to] of [
    [0, 1],
    [1, 4],
    [4, steps],
  ]) {
    const tokens = tokensOf(rows.map((row) => row.slice(from, to)));
    const result = await runtime.run({ ...inputs, tokens });
    const part = rows.flatMap((_, row) => [
      ...wanted.subarray((row * steps + from) * size, (row * steps + to) * size),
    ]);
    worst = Math.max(worst, furthest(result.probabilities.data, Float32Array.from(part)));
    inputs = Object.fromEntries(states.map(({ input, output }) => [input, result[output]]));
  }
  await runtime.close();
  return worst;
}
