// A contender: this extension's engine, as it trains an encoder-decoder on sources and targets of 3 to 12 characters. Its
// argument is the number of threads.
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Architecture } from '../../../src/backend/engine.ts';
import { startWasm } from '../../../src/backend/wasm/engine.ts';
import { PairBatches, sizeOfPairs } from '../../../src/data/pairs/pairBatches.ts';
import { readCells } from '../../../src/language/check.ts';
import { setRevectorizer } from '../../../src/platform/node/revectorizer.ts';
import { spawnFrom } from '../../../src/platform/node/spawn.ts';
import { initialWeights } from '../../../src/tape/parameters.ts';
import { random } from '../../../src/tape/random.ts';
import { answerRounds } from '../answerRounds.ts';

const [threads] = process.argv.slice(2);
const root = new URL('../../../', import.meta.url);
const [symbols, embedding, read, written, batch, shortest, longest] = [40, 32, 64, 128, 32, 3, 12];

const engine = await startWasm({
  read: (build) => readFile(new URL(`out/kernels/${build}.wasm`, root)),
  threads: Number(threads),
  spawn: spawnFrom(new URL('src/platform/node/kernelThread.ts', root)),
  setRevectorizer,
  mustBeFaster: true,
});
if (!engine) throw new Error('There is no SIMD here.');
const cellOf = (name: string) =>
  readCells(readFileSync(new URL(`src/cells/${name}.rnn`, root), 'utf8')).cells[0];
// The boundary is one more symbol of the targets.
const architecture: Architecture = {
  inputs: symbols + 1,
  outputs: symbols + 1,
  embedding,
  layers: [{ cell: cellOf('additive-attention'), hidden: written }],
  tied: false,
  head: { kind: 'every step' },
  encoder: {
    inputs: symbols,
    embedding,
    layers: [{ cell: cellOf('gru-reset-after'), hidden: read, bidirectional: true }],
  },
};
const next = random(1);
const below = (most: number) => Math.floor(next() * most);
const text = () =>
  Int32Array.from({ length: shortest + below(longest - shortest + 1) }, () => below(symbols));
const pairs = Array.from({ length: 2048 }, () => ({ source: text(), target: text() }));
const size = { batch, ...sizeOfPairs(pairs) };
const batches = new PairBatches(pairs, { ...size, seed: 1 }, symbols);
const optimizer = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 } as const;
const network = engine.train(
  architecture,
  { ...size, optimizer, dropout: 0, seed: 1 },
  initialWeights(architecture, 1),
);

/** Trains on the next batch. @returns the number of its targets' tokens */
function step(): number {
  const { x, y, carry, tokens, source } = batches.next();
  network.reset();
  network.step(x, y, { learningRate: 1e-3, clip: 1, l1: 0, l2: 0, carry }, source);
  return tokens;
}

await answerRounds(step, 1000, () => ({ engine: engine.name }));
network.dispose();
