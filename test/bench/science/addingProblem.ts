// The adding problem, experiment 4 of Hochreiter & Schmidhuber (1997): each step of a sequence has a number between -1
// and 1 and a marker; two numbers are marked, and at the end 0.5 + (their sum) / 4 is to be said. A sequence is as long
// as T to 1.1 T. One of the first ten numbers is marked, and one of the first T / 2 - 1; the markers of the first and the
// last step are -1. An answer is right where it is less than 0.04 off.
import type { Engine, LookupTables } from '../../../src/backend/engine.ts';
import type { Rows } from '../../../src/data/dataset.ts';
import { readCells } from '../../../src/language/check.ts';
import type { Architecture } from '../../../src/tape/architecture.ts';
import { initialWeights } from '../../../src/tape/parameters.ts';
import { random } from '../../../src/tape/random.ts';

/** The sequences that the LSTM of 1997 needed for T = 100, those on which it was tried, and its mistakes in them. */
export const allowed = 74_000;
export const tried = 2_560;
export const mistaken = 1;

const tolerance = 0.04;

/** The number of sequences of an update. */
const batch = 20;

/** The gates begin almost shut for what is new and open for what is kept (Tallec & Ollivier 2018). */
const cell = `cell SlowLSTM
  f[t] = σ(W_f x[t] + U_f h[t-1] + b_f)
  i[t] = σ(W_i x[t] + U_i h[t-1] + b_i)
  o[t] = σ(W_o x[t] + U_o h[t-1] + b_o)
  g[t] = tanh(W_g x[t] + U_g h[t-1] + b_g)
  c[t] = f[t] * c[t-1] + i[t] * g[t]
  h[t] = o[t] * tanh(c[t])
  init b_f = 4
  init b_i = -3
`;

/** Many numbers are read, and one is said of all of them. */
const network: Architecture = {
  inputs: 2,
  input: 'numbers',
  outputs: 1,
  likelihood: 'gaussian',
  embedding: 0,
  tied: false,
  head: { kind: 'every step' },
  layers: [{ cell: readCells(cell).cells[0], hidden: 16 }],
};

interface Sequences extends LookupTables {
  /** The rows, of one sequence each, whose last steps have targets. */
  blocks(height: number): Rows[];
}

/** Draws sequences, the same ones for the same seed. */
function sequences(count: number, length: number, seed: number): Sequences {
  const next = random(seed);
  const inputs: number[] = [];
  const targets: number[] = [];
  const starts: number[] = [];
  for (let sequence = 0; sequence < count; sequence++) {
    const steps = length + Math.floor(next() * (length / 10 + 1));
    starts.push(targets.length);
    const values = Array.from({ length: steps }, () => 2 * next() - 1);
    const first = Math.floor(next() * 10);
    let second = first;
    while (second === first) second = Math.floor(next() * (length / 2 - 1));
    for (const [t, value] of values.entries()) {
      const marked = t === first || t === second;
      inputs.push(value, t === 0 || t === steps - 1 ? -1 : marked ? 1 : 0);
      // The marker of the first step is not seen, so that its number counts as zero.
      targets.push(0.5 + ((first > 0 ? values[first] : 0) + (second > 0 ? values[second] : 0)) / 4);
    }
  }
  starts.push(targets.length);
  return {
    inputs: Float32Array.from(inputs),
    targets: Float32Array.from(targets),
    blocks: (height) =>
      Array.from({ length: Math.floor(count / height) }, (_, block) => {
        const own = Array.from({ length: height }, (_, row) => block * height + row);
        const steps = Math.max(...own.map((sequence) => starts[sequence + 1] - starts[sequence]));
        const x = new Int32Array(height * steps).fill(-1);
        const y = new Int32Array(height * steps).fill(-1);
        for (const [row, sequence] of own.entries()) {
          const last = starts[sequence + 1] - 1;
          for (let at = starts[sequence]; at <= last; at++) x[row * steps + at - starts[sequence]] = at;
          y[row * steps + last - starts[sequence]] = last;
        }
        return { rows: height, x, y };
      }),
  };
}

/** Trains on fresh sequences alone. @returns the number of mistakes in sequences that were not trained on */
export function solveAddingProblem(
  engine: Engine,
  length: number,
  seed: number,
  say: (line: string) => void,
): number {
  const fresh = sequences(allowed, length, seed);
  const steps = length + length / 10;
  const shape = {
    batch,
    steps,
    optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
    dropout: 0,
    seed,
  } as const;
  const trained = engine.train(network, shape, initialWeights(network, seed), fresh);
  const blocks = fresh.blocks(batch);
  for (const [update, { x, y }] of blocks.entries()) {
    trained.reset();
    const progress = update / blocks.length;
    const learningRate = 0.01 * Math.min(1, update / 50) * 0.5 * (1 + Math.cos(Math.PI * progress));
    const { loss } = trained.step(x, y, { learningRate, clip: 1, l1: 0, l2: 0, carry: 0 });
    if (update % 400 === 0)
      say(`${(update * batch).toLocaleString('en')} sequences: loss ${loss.toFixed(3)}`);
  }
  const asked = sequences(tried, length, seed + 1);
  const reader = engine.train(network, shape, trained.weights(), asked);
  let wrong = 0;
  for (const { x, y, rows } of asked.blocks(batch))
    reader.logits(x, y, rows, (index, [mean]) => {
      if (Math.abs(mean - asked.targets[y[index]]) >= tolerance) wrong++;
    });
  trained.dispose();
  reader.dispose();
  return wrong;
}
