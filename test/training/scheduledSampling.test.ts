import { expect, test } from 'vitest';
import { scheduledInputs } from '../../src/training/scheduledSampling.ts';

const [rows, vocabulary] = [3, 4];
/** The boundary is 0, a row has five steps; the second row is shorter, and the third is padding. */
const x = Int32Array.from([0, 1, 2, 3, 1, 0, 2, 1, -1, -1, -1, -1, -1, -1, -1]);
const y = Int32Array.from([1, 2, 3, 1, 0, 2, 1, 0, -1, -1, -1, -1, -1, -1, -1]);

/** A network whose logits are those of a distribution, at every counted target. */
const expecting = (probabilities: readonly number[]) => ({
  logits(
    _x: Int32Array,
    targets: Int32Array,
    _rows: number,
    visit: (index: number, logits: Float32Array) => void,
  ) {
    const logits = Float32Array.from(probabilities, Math.log);
    for (const [index, target] of targets.entries()) if (target >= 0) visit(index, logits);
  },
});

test('with the share 0 the true tokens are read', () => {
  expect(scheduledInputs(expecting([0, 0, 0, 1]), { x, y }, rows, 0, 1)).toEqual(x);
});

test('with the share 1 all are replaced but the boundary and the padding', () => {
  const found = scheduledInputs(expecting([0, 0, 0, 1]), { x, y }, rows, 1, 1);
  expect([...found]).toEqual([0, 3, 3, 3, 3, 0, 3, 3, -1, -1, -1, -1, -1, -1, -1]);
  expect([...x.subarray(0, 5)]).toEqual([0, 1, 2, 3, 1]);
});

test('tokens are drawn as often as the network expects them, in the share that is asked for, from the seed', () => {
  const counts = new Float64Array(vocabulary);
  let replaced = 0;
  const runs = 3000;
  const network = expecting([0, 0.25, 0, 0.75]);
  for (let seed = 0; seed < runs; seed++) {
    const [, first] = scheduledInputs(network, { x, y }, rows, 1, seed);
    counts[first]++;
    // The third token is 2, which the network never expects.
    if (scheduledInputs(network, { x, y }, rows, 0.4, seed)[2] !== 2) replaced++;
  }
  expect(counts[0] + counts[2]).toBe(0);
  expect(Math.abs(counts[3] / runs - 0.75)).toBeLessThan(0.04);
  expect(Math.abs(replaced / runs - 0.4)).toBeLessThan(0.04);
  expect(scheduledInputs(network, { x, y }, rows, 0.5, 7)).toEqual(
    scheduledInputs(network, { x, y }, rows, 0.5, 7),
  );
});
