// The adding problem of Le, Jaitly & Hinton (2015), section 4.1: of T = 400 numbers between 0 and 1 two are marked, one in
// each half, and at the end their sum is to be said. The network is theirs, an IRNN of 100 rectified linear units whose
// recurrent matrix begins as the identity; always guessing 1 has an error of 0.1767, as they give it. Other than with
// them, the updates are Adam's, and the length grows from 25 on as soon as the error is small (a curriculum, as in Zaremba &
// Sutskever 2014).
import type { Engine, LookupTables } from '../../../src/backend/engine.ts';
import { readCells } from '../../../src/language/check.ts';
import type { Architecture } from '../../../src/tape/architecture.ts';
import { initialWeights } from '../../../src/tape/parameters.ts';
import { random } from '../../../src/tape/random.ts';

/** The lengths of sequences, the last of which is the problem. */
export const lengths = [25, 50, 100, 200, 400];
export const constantGuess = 0.1767;

const cell = `cell IRNN
  h[t] = relu(W x[t] + U h[t-1] + b)
  init U = identity
  init W = normal(0.001)
`;

const network: Architecture = {
  inputs: 2,
  input: 'numbers',
  outputs: 1,
  likelihood: 'gaussian',
  embedding: 0,
  tied: false,
  head: { kind: 'every step' },
  layers: [{ cell: readCells(cell).cells[0], hidden: 100 }],
};

/** The number of sequences of an update, and of those on which an error is measured, at a change of length and in the end. */
const batch = 16;
const looked = 10 * batch;
const measured = 100 * batch;

/** The updates between two measurements, and the most of all. */
const between = 250;
const most = 30_000;

/** The error below which the length grows. */
const small = 0.004;

/** Gradients are sums over steps, so that the updates of long sequences are smaller. */
const rateAt = (length: number) => 0.001 * Math.min(1, 50 / length);

/** The number of values that a number may have, evenly between 0 and 1, so that all sequences can be drawn from one table. */
const levels = 4096;

/** The rows of the table are the values unmarked, then marked; a target is the sum of two of them. */
function table(): LookupTables {
  const inputs = new Float32Array(4 * levels);
  for (let at = 0; at < levels; at++) {
    const value = (at + 0.5) / levels;
    inputs.set([value, 0], 2 * at);
    inputs.set([value, 1], 2 * (levels + at));
  }
  return { inputs, targets: Float32Array.from({ length: 2 * levels }, (_, sum) => (sum + 1) / levels) };
}

/** Draws the sequences of an update. */
function draw(length: number, next: () => number): { readonly x: Int32Array; readonly y: Int32Array } {
  const x = Int32Array.from({ length: batch * length }, () => Math.floor(next() * levels));
  const y = new Int32Array(batch * length).fill(-1);
  const middle = Math.floor(length / 2);
  for (let row = 0; row < batch; row++) {
    let sum = 0;
    for (const half of [0, 1]) {
      const at = row * length + half * middle + Math.floor(next() * middle);
      sum += x[at];
      x[at] += levels;
    }
    y[(row + 1) * length - 1] = sum;
  }
  return { x, y };
}

/** @returns the mean squared error at the last length, on sequences that were not trained on */
export function solveLongAddition(engine: Engine, seed: number, say: (line: string) => void): number {
  const tables = table();
  const optimizer = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 } as const;
  const longest = lengths[lengths.length - 1];
  const shape = { batch, steps: longest, optimizer, dropout: 0, seed };
  const trained = engine.train(network, shape, initialWeights(network, seed), tables);
  const [learned, tried] = [random(seed), random(seed + 1)];
  const errorAt = (length: number, sequences: number) => {
    let squares = 0;
    for (let count = 0; count < sequences; count += batch) {
      const { x, y } = draw(length, tried);
      trained.logits(x, y, batch, (at, [mean]) => {
        squares += (mean - tables.targets[y[at]]) ** 2;
      });
    }
    return squares / sequences;
  };
  let update = 0;
  for (const length of lengths)
    for (let error = Number.POSITIVE_INFINITY; !(error < small) && update < most; ) {
      const { x, y } = draw(length, learned);
      trained.reset();
      trained.step(x, y, { learningRate: rateAt(length), clip: 1, l1: 0, l2: 0, carry: 0 });
      update++;
      if (update % between > 0) continue;
      error = errorAt(length, looked);
      say(`${(update * batch).toLocaleString('en')} sequences, T = ${length}: error ${error.toFixed(4)}`);
    }
  const error = errorAt(longest, measured);
  trained.dispose();
  return error;
}
