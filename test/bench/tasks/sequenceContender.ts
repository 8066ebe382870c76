// A contender: this extension's engine, as it trains on rows of 5 to 60 tokens. Its arguments are: the task, acceptor
// or tagger; the rows, `different` in length, or `whole` where each batch's are as long as its longest; threads.

import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Architecture } from '../../../src/backend/engine.ts';
import { startWasm } from '../../../src/backend/wasm/engine.ts';
import { RowBatches, type SequenceRow } from '../../../src/data/table/rowBatches.ts';
import { readCells } from '../../../src/language/check.ts';
import { setRevectorizer } from '../../../src/platform/node/revectorizer.ts';
import { spawnFrom } from '../../../src/platform/node/spawn.ts';
import { initialWeights } from '../../../src/tape/parameters.ts';
import { random } from '../../../src/tape/random.ts';
import { answerRounds } from '../answerRounds.ts';

const [task, rows, threads] = process.argv.slice(2);
const root = new URL('../../../', import.meta.url);
const [symbols, classes, embedding, hidden, batch, shortest, longest] = [96, 16, 64, 128, 32, 5, 60];

const engine = await startWasm({
  read: (build) => readFile(new URL(`out/kernels/${build}.wasm`, root)),
  threads: Number(threads),
  spawn: spawnFrom(new URL('src/platform/node/kernelThread.ts', root)),
  setRevectorizer,
  mustBeFaster: true,
});
if (!engine) throw new Error('There is no SIMD here.');
const [cell] = readCells(readFileSync(new URL('src/cells/lstm.rnn', root), 'utf8')).cells;
const isTagger = task === 'tagger';
const architecture: Architecture = {
  inputs: symbols,
  outputs: classes,
  embedding,
  layers: [{ cell, hidden, bidirectional: true }],
  tied: false,
  head: isTagger ? { kind: 'every step' } : { kind: 'pooled', pool: 'max' },
};
const next = random(1);
const below = (most: number) => Math.floor(next() * most);
const row = (): SequenceRow => {
  const length = shortest + below(longest - shortest + 1);
  const tokens = Int32Array.from({ length }, () => below(symbols));
  return { tokens, target: isTagger ? tokens.map(() => below(classes)) : below(classes) };
};
const layout = { tokensPerStep: 1, taught: isTagger ? Number.POSITIVE_INFINITY : 1 };
const batches = new RowBatches(Array.from({ length: 2048 }, row), { batch, steps: 64, seed: 1 }, layout);
const shape = {
  batch,
  steps: batches.steps,
  optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
  dropout: 0,
  seed: 1,
} as const;
const network = engine.train(architecture, shape, initialWeights(architecture, 1));

/** Trains on the next batch. @returns the number of its tokens */
function step(): number {
  const { x, y, carry, tokens } = batches.next();
  // Another symbol is read where a row is padded: the steps are the same, and all of them are of use.
  const read = rows === 'whole' ? x.map((token) => Math.max(0, token)) : x;
  network.reset();
  network.step(read, y, { learningRate: 1e-3, clip: 1, l1: 0, l2: 0, carry });
  return rows === 'whole' ? x.length : tokens;
}

await answerRounds(step, 1000, () => ({ engine: engine.name }));
network.dispose();
