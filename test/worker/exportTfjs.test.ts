// A model exported for web pages runs in TensorFlow.js alone, and predicts what the model predicts.
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine, Predictor } from '../../src/backend/engine.ts';
import { startWasm } from '../../src/backend/wasm/engine.ts';
import { builtinCells } from '../../src/cells/index.ts';
import { sample } from '../../src/completion/decoding/sampling.ts';
import type { TokenKind } from '../../src/data/text/tokens/tokenization.ts';
import { Tokenizer } from '../../src/data/text/tokens/tokenizer.ts';
import { Vocabulary } from '../../src/data/text/vocabulary.ts';
import { runExport } from '../../src/editor/workers/oneRequest.ts';
import { nodeFiles, publicFiles } from '../../src/platform/node/files.ts';
import { readPage } from '../../src/platform/node/page.ts';
import { random } from '../../src/tape/random.ts';
import { exportTfjs } from '../../src/worker/exchange/exportTfjs.ts';
import { readKernels } from '../kernels/modules.ts';
import { type RandomModel, writeRandomModel } from './randomModel.ts';
import { start } from './trained.ts';

/** The built page, whose script is a bundle with the product's tokenizer. */
const assets = join(import.meta.dirname, '../../out');
const { generate, load, tokenizerOf } = await import(join(assets, 'web/generate.js'));
const text = 'the cell is the text: it reads, and it writes.\n'.repeat(3);
const tokenizer = new Tokenizer('pieces', Vocabulary.of(text), ['th', 'the', 'it', ' the']);

let directory: string;
let server: Server;
let base: string;
let engine: Engine;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'unroll-export-'));
  server = createServer(({ url }, response) => response.end(readFileSync(join(directory, url!))));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  engine = (await startWasm({ read: readKernels, threads: 1, spawn: null }))!;
  await tf.setBackend('cpu');
});

afterAll(() => {
  server.close();
  rmSync(directory, { recursive: true });
});

/** Exports a model with random weights from disk. @returns its predictor */
function exported(name: string, model: Omit<RandomModel, 'tokenizer'>): Predictor {
  const { built, weights } = writeRandomModel(join(directory, `${name}.model`), { tokenizer, ...model });
  exportTfjs(
    { files: nodeFiles, directory: join(directory, `${name}.model`) },
    { files: publicFiles, directory: join(directory, name) },
    readPage(assets),
  );
  return engine.predict(built, weights);
}

/** Returns the softmax of the logits. */
function probabilities(logits: Float32Array): number[] {
  const most = Math.max(...logits);
  const powers = Array.from(logits, (logit) => Math.exp(logit - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

const lags = `cell Lags
  a[t] = softmax(W_a x[t] + b_a)
  p[t] = V x[t]
  width p = 3
  q[t] = exp(r) / 2 + min(r, 0.3) - A r
  h[t] = clip(norm(W p[t] + U h[t-1] + T h[t-3]) * q[t] + h[t-2]^2, -2, 2) + abs(a[t]) - log(2 + relu(b))
  h[0] = learned from 0.2 first 4
`;
const builtin = (...names: string[]) =>
  Object.fromEntries(names.map((name) => [name, builtinCells.get(name)!]));

test.each<[string, Omit<RandomModel, 'tokenizer'>]>([
  ['LSTM', { cells: builtin('LSTM') }],
  ['GRU', { cells: builtin('GRU', 'Elman'), embedding: 4 }],
  ['Lags', { cells: { Lags: lags, ...builtin('LSTM') } }],
  ['Jordan', { cells: builtin('Jordan') }],
  ['Babylonian', { cells: builtin('Babylonian') }],
  ['Tied', { cells: builtin('PeepholeLSTM'), embedding: 7, tied: true }],
  ['Backward', { cells: builtin('GRU'), direction: 'backward' }],
])('%s: the probabilities along a text, and what it writes', async (name, of) => {
  const predictor = exported(name, of);
  const network = await load(tf, `${base}/${name}/`);
  const { model, vocabulary: about } = network;

  const state = predictor.initial();
  const logits = new Float32Array(tokenizer.size);
  let states = about.states.map(({ initial }: { initial: number[] }) => tf.tensor2d([initial]));
  for (const token of tokenizer.encode(text.slice(0, 30))) {
    predictor.next(state, token, state, logits);
    const inputs = about.states.map(({ input }: { input: string }, i: number) => [input, states[i]]);
    const [p, ...after] = model.execute(
      { token: tf.tensor1d([token], 'int32'), ...Object.fromEntries(inputs) },
      ['probabilities', ...about.states.map(({ output }: { output: string }) => output)],
    );
    states = after;
    const wanted = probabilities(logits);
    const worst = Math.max(
      ...Array.from(p.dataSync() as Float32Array, (each, i) => Math.abs(each - wanted[i])),
    );
    expect(worst).toBeLessThan(1e-5);
  }

  for (const [prompt, temperature] of [
    ['the ', 0.7],
    ['the text:\r\nit', 0],
    ['', 1],
  ] as const) {
    const options = { length: 40, temperature };
    const written: string[] = [];
    const tensors = tf.memory().numTensors;
    for await (const token of generate(network, { ...options, prompt, random: random(4) }))
      written.push(token);
    expect(tf.memory().numTensors).toBe(tensors);
    const { direction } = of;
    expect(written).toEqual([
      ...sample(predictor, tokenizer, prompt, {
        ...options,
        random: random(4),
        ...(direction ? { direction } : {}),
      }),
    ]);
  }
  await expect(generate(network, { temperature: -1 }).next()).rejects.toThrow(
    'The temperature is a number from 0.',
  );
  model.dispose();
});

/** Texts that are hard to split: words, digits, runs, line ends, marks, half and unknown characters. */
const parts = [
  'the',
  ' the',
  'cell',
  'x',
  '7',
  '42',
  '  ',
  '\t',
  '\n',
  '\r\n',
  '==',
  '…',
  'é',
  'e\u0301',
].concat(['🦋', '\ud83e', '\udd8b', '_id', '\u2028', '\0', 'ß']);

test.each<TokenKind>(['characters', 'words', 'pieces'])('%s: a text is split as in the product', (kind) => {
  const next = random(7);
  const write = (length: number) =>
    Array.from({ length }, () => parts[Math.floor(next() * parts.length)]).join('');
  for (let i = 0; i < 20; i++) {
    // Some parts are never seen, so that there are rare characters.
    const seen = write(8000).replaceAll(parts[i % parts.length], '');
    const own = Tokenizer.learn(kind, Vocabulary.of(seen), seen);
    expect(own.longer.length > 0).toBe(kind !== 'characters');
    const described = { tokens: own.symbols, kind, alphabet: own.alphabet.size };
    const theirs = tokenizerOf(JSON.parse(JSON.stringify(described)));
    expect(theirs.symbols).toEqual(own.symbols);
    for (let text = 0; text < 20; text++) {
      const written = write(40);
      expect([...theirs.encode(written)]).toEqual([...own.encode(written)]);
    }
  }
});

describe('the worker that the editor starts, and the command line', () => {
  const built = (name: string) => join(import.meta.dirname, `../../out/${name}.cjs`);
  const ways: Record<string, (directory: string, to: string) => Promise<unknown>> = {
    worker: (directory, to) =>
      runExport(start('exporter'), { type: 'export', format: 'tfjs', directory, to }),
    command: (directory, to) =>
      promisify(execFile)(process.execPath, [built('cli'), 'export', directory, '--out', to]),
  };

  beforeAll(() => void exported('Source', { cells: builtin('Elman') }));

  test.each(Object.keys(ways))('%s: writes the same, and overwrites nothing', async (way) => {
    const [from, to] = [join(directory, 'Source.model'), join(directory, way)];
    await ways[way](from, to);
    const contents = (folder: string) =>
      Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
    const written = contents(to);
    expect(written).toEqual(contents(join(directory, 'Source')));
    expect(written['tf.js'].includes('loadGraphModel')).toBe(true);
    // A web server, which is another user, may read what this process would let others read.
    const mode = 0o666 & ~process.umask();
    for (const name of readdirSync(to))
      expect(statSync(join(to, name)).mode & 0o666).toBe(process.platform === 'win32' ? 0o666 : mode);
    await expect(ways[way](from, to)).rejects.toThrow('is not empty: name a folder that is, or a new one.');
    await expect(ways[way](directory, `${to}-2`)).rejects.toThrow('There is no whole Unroll model');
  });
});
