// The addition problem, with T = 50: each step has a number between 0 and 1 and a marker, and the mean of the two marked
// numbers is said at the end. One is in the first tenth, the other in the first half. Right is what is less than 0.04 off.
import { random } from '../../../src/tape/random.ts';
import { type Problem, plainNetwork, trialSeed, tried } from './plainNetworks.ts';

/** The recurrent matrix begins sparse, with a spectral radius a little above 1. */
const cell = `cell Plain
  h[t] = tanh(W x[t] + U h[t-1] + b)
  init U = sparse(0.25) radius 1.1
`;

/** The numbers of all sequences stand in one table, from which batches draw sequences. */
export function addition(): Problem {
  const length = 50;
  const stored = 20_000;
  const next = random(11);
  const inputs = new Float32Array(stored * length * 2);
  const targets = new Float32Array(stored * length);
  for (let sequence = 0; sequence < stored; sequence++) {
    const first = Math.floor((next() * length) / 10);
    const second = Math.floor(length / 10 + next() * (length / 2 - length / 10));
    let sum = 0;
    for (let t = 0; t < length; t++) {
      const row = sequence * length + t;
      const value = next();
      const isMarked = t === first || t === second;
      inputs.set([value, isMarked ? 1 : 0], 2 * row);
      if (isMarked) sum += value;
      targets[row] = sum / 2;
    }
  }
  return {
    name: 'addition',
    length,
    batch: 1000,
    optimizer: { kind: 'hessian-free', damping: 1, structuralDamping: 0.03, iterations: 50 },
    architecture: {
      ...plainNetwork(cell, 32),
      inputs: 2,
      input: 'numbers',
      outputs: 1,
      likelihood: 'gaussian',
    },
    tables: { inputs, targets },
    draw(rows, seed) {
      const draw = random(seed);
      // The first sequences are left for the trial.
      const isTrial = seed === trialSeed;
      const x = new Int32Array(rows * length);
      const y = new Int32Array(rows * length).fill(-1);
      for (let row = 0; row < rows; row++) {
        const sequence = isTrial ? row : tried + Math.floor(draw() * (stored - tried));
        for (let t = 0; t < length; t++) x[row * length + t] = sequence * length + t;
        y[row * length + length - 1] = sequence * length + length - 1;
      }
      return { x, y };
    },
    isWrong: ([mean], target) => Math.abs(mean - targets[target]) >= 0.04,
  };
}
