// The temporal order, with T = 50: two of all symbols are X or Y, one in the second tenth of the sequence and one in the
// sixth, and which of the four orders it was is said at the end. With a spectral radius above 1 gradient descent solves
// it, too; below 1 gradients vanish.
import { random } from '../../../src/tape/random.ts';
import { type Problem, plainNetwork } from './plainNetworks.ts';

/** 15 connections of each unit to others, as with Martens & Sutskever (2011). */
const hidden = 40;
const cell = `cell Plain
  h[t] = tanh(W x[t] + U h[t-1] + b)
  init U = sparse(${15 / hidden}) radius 0.9
  init W = normal(0.3)
`;

/** X, Y and the four others. */
const symbols = 6;

export function temporalOrder(): Problem {
  const length = 50;
  return {
    name: 'temporal order',
    length,
    batch: 500,
    optimizer: { kind: 'hessian-free', damping: 0.1, structuralDamping: 0.1, iterations: 100 },
    architecture: { ...plainNetwork(cell, hidden), inputs: symbols, outputs: 4 },
    tables: null,
    draw(rows, seed) {
      const next = random(seed);
      const x = Int32Array.from({ length: rows * length }, () => 2 + Math.floor(next() * (symbols - 2)));
      const y = new Int32Array(rows * length).fill(-1);
      for (let row = 0; row < rows; row++) {
        const [a, b] = [Math.floor(next() * 2), Math.floor(next() * 2)];
        x[row * length + Math.floor(((1 + next()) * length) / 10)] = a;
        x[row * length + Math.floor(((5 + next()) * length) / 10)] = b;
        y[row * length + length - 1] = 2 * a + b;
      }
      return { x, y };
    },
    isWrong: (logits, target) => logits.some((value, index) => index !== target && value >= logits[target]),
  };
}
