// Rows of different lengths in batches.
import { expect, test } from 'vitest';
import { layOutRows, RowBatches } from '../../../src/data/table/rowBatches.ts';
import { random } from '../../../src/tape/random.ts';

const rowOf = (length: number, target: number) => ({ tokens: new Int32Array(length).fill(7), target });

test.each([
  ['5 to 60 steps', (next: () => number) => 5 + Math.floor(56 * next())],
  // As sentences are: many of some twenty words, and few that are long.
  ['some twenty steps', (next: () => number) => 1 + Math.floor(-22 * Math.log(1 - next()))],
])('of rows of %s, less than a quarter of what is computed is padding', (_, lengthOf) => {
  const next = random(4);
  const rows = Array.from({ length: 2000 }, () => rowOf(Math.min(150, lengthOf(next)), 0));
  const batches = new RowBatches(rows, { batch: 16, steps: 152, seed: 1 });
  let [tokens, computed] = [0, 0];
  for (let batch = 0; batch < batches.perEpoch; batch++) {
    const { x, tokens: read } = batches.next();
    tokens += read;
    computed += x.length;
  }
  expect(tokens).toBe(rows.reduce((sum, row) => sum + row.tokens.length, 0));
  expect(1 - tokens / computed).toBeLessThan(0.25);
});

test('the class of a row is the target of the steps that are taught', () => {
  const rows = [rowOf(5, 1), rowOf(2, 2)];
  const targets = (taught: number) => [...layOutRows(rows, 2, { tokensPerStep: 1, taught }).y];
  const none = [-1, -1, -1];
  expect(targets(1)).toEqual([-1, -1, -1, -1, 1, ...none, -1, 2, -1, -1, -1, ...none]);
  expect(targets(3)).toEqual([-1, -1, 1, 1, 1, ...none, 2, 2, -1, -1, -1, ...none]);
  expect(targets(Number.POSITIVE_INFINITY)).toEqual([1, 1, 1, 1, 1, ...none, 2, 2, -1, -1, -1, ...none]);
});
