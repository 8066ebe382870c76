// This contender of the benchmark is this extension's engine. Its arguments are: engine cell layers hidden
// threads. It prints 'ready'; then, for each number of milliseconds on standard input, it trains for that
// long and prints tokens per second.
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Architecture } from '../../src/backend/engine.ts';
import { startWasm } from '../../src/backend/wasm/engine.ts';
import { readCells } from '../../src/language/check.ts';
import { setRevectorizer } from '../../src/platform/node/revectorizer.ts';
import { spawnFrom } from '../../src/platform/node/spawn.ts';
import { initialWeights } from '../../src/tape/parameters.ts';
import { random } from '../../src/tape/random.ts';
import { answerRounds } from './answerRounds.ts';

const [name, cellName, layers, hidden, threads] = process.argv.slice(2);
const root = new URL('../../', import.meta.url);
const [symbols, batch, steps] = [96, 50, 50];

const start = performance.now();
const engine = await startWasm({
  read: (build) => readFile(new URL(`out/kernels/${build}.wasm`, root)),
  threads: Number(threads),
  spawn: spawnFrom(new URL('src/platform/node/kernelThread.ts', root)),
  ...(name === 'unroll-wide' ? { setRevectorizer } : {}),
});
if (!engine) throw new Error('There is no SIMD here.');
const [cell] = readCells(readFileSync(new URL(`src/cells/${cellName}.rnn`, root), 'utf8')).cells;
const architecture: Architecture = {
  inputs: symbols,
  outputs: symbols,
  embedding: 0,
  layers: Array.from({ length: Number(layers) }, () => ({ cell, hidden: Number(hidden) })),
  tied: false,
  head: { kind: 'every step' },
};
const network = engine.train(
  architecture,
  {
    batch,
    steps,
    optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
    dropout: 0,
    seed: 1,
  },
  initialWeights(architecture, 1),
);
const next = random(1);
const x = Int32Array.from({ length: batch * steps }, () => Math.floor(next() * symbols));
const y = Int32Array.from(x, () => Math.floor(next() * symbols));
const step = () => {
  network.step(x, y, { learningRate: 1e-3, clip: 1, l1: 0, l2: 0, carry: steps });
  return batch * steps;
};
step();
const firstStepMilliseconds = performance.now() - start;
await answerRounds(step, 600, () => ({
  megabytes: process.resourceUsage().maxRSS / 1024,
  firstStepMilliseconds,
  engine: engine.name,
}));
network.dispose();
