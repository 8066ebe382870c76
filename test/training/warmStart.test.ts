// A run that begins with the weights of an earlier one computes what that one did, wherever its symbols and classes
// stand now.
import { beforeAll, expect, test } from 'vitest';
import type { Architecture, Engine, Weights } from '../../src/backend/engine.ts';
import { startWasm } from '../../src/backend/wasm/engine.ts';
import { builtinCells } from '../../src/cells/index.ts';
import { initialWeights } from '../../src/tape/parameters.ts';
import { architecture, signatureOfSteps } from '../../src/training/configuration.ts';
import { warmStart } from '../../src/training/warmStart.ts';
import { readKernels } from '../kernels/modules.ts';

let engine: Engine;
beforeAll(async () => {
  engine = (await startWasm({ read: readKernels, threads: 1, spawn: null }))!;
});

const built = (inputs: number, outputs: number, cell: string, hidden: number, embedding: number) =>
  architecture(
    inputs,
    { embedding, tied: false, layers: [{ cell, hidden }] },
    { [cell]: builtinCells.get(cell)! },
    signatureOfSteps(outputs, 1),
  );

/** Returns the logits after some tokens. */
function logitsOf(network: Architecture, weights: Weights, tokens: readonly number[]): Float32Array {
  const predictor = engine.predict(network, weights);
  const state = predictor.initial();
  const logits = new Float32Array(predictor.outputs);
  for (const token of tokens) predictor.next(state, token, state, logits);
  predictor.dispose();
  return logits;
}

const before = { inputs: ['a', 'b', 'c'], outputs: ['x', 'y'] };
const now = { inputs: ['c', 'new', 'a', 'b'], outputs: ['z', 'y', 'x'] };

test.each([
  ['GRU', 0],
  ['GRU', 3],
  // Its cell reads the output, so that it has a matrix with a column for each class.
  ['Jordan', 0],
] as const)('%s with an embedding of %i', (cell, embedding) => {
  const [old, wider] = [built(3, 2, cell, 5, embedding), built(4, 3, cell, 5, embedding)];
  const weights = initialWeights(old, 1);
  const silent = new Map(
    // The class that is new has no probability, which Jordan's cell would read.
    [...initialWeights(wider, 2)].map(([name, weight]) => {
      const silence = name === 'output.b' ? -100 : 0;
      return [
        name,
        name.startsWith('output.') ? { ...weight, data: weight.data.map(() => silence) } : weight,
      ];
    }),
  );
  const begun = warmStart(
    { architecture: wider, weights: silent, ...now },
    { architecture: old, weights, ...before },
  );
  const text = ['a', 'c', 'b', 'b', 'a'];
  const expected = logitsOf(
    old,
    weights,
    text.map((symbol) => before.inputs.indexOf(symbol)),
  );
  const found = logitsOf(
    wider,
    begun,
    text.map((symbol) => now.inputs.indexOf(symbol)),
  );
  expect(found[2]).toBeCloseTo(expected[0], 5);
  expect(found[1]).toBeCloseTo(expected[1], 5);
  expect(found[0]).toBe(-100);
});

test('what is new, and what has another shape, begins as it would otherwise', () => {
  const [old, other] = [built(3, 2, 'GRU', 5, 3), built(4, 3, 'GRU', 6, 3)];
  const initial = initialWeights(other, 2);
  const weights = initialWeights(old, 1);
  const begun = warmStart(
    { architecture: other, weights: initial, ...now },
    { architecture: old, weights, ...before },
  );
  expect(begun.get('layers.0.U_r')).toEqual(initial.get('layers.0.U_r'));
  const [row, ofNew] = [begun, initial].map((each) => each.get('embedding')!.data.slice(3, 6));
  expect(row).toEqual(ofNew);
  expect(begun.get('embedding')!.data.slice(6, 9)).toEqual(weights.get('embedding')!.data.slice(0, 3));
  expect([...initial.keys()]).toEqual([...begun.keys()]);
});
