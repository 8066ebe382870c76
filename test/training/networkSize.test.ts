import { expect, test } from 'vitest';
import { builtinCells } from '../../src/cells/index.ts';
import { architecture } from '../../src/training/configuration.ts';
import { countParameters } from '../../src/training/networkSize.ts';
import { checkMemory } from '../../src/worker/memory.ts';

const cells = { GRU: builtinCells.get('GRU')! };
const network = (layers: number, hidden: number, more = {}) =>
  architecture(
    10,
    { embedding: 0, tied: false, ...more, layers: Array(layers).fill({ cell: 'GRU', hidden }) },
    cells,
  );

test('a network that no engine could hold is refused before anything is made for it', () => {
  expect(countParameters(network(1, 2))).toBe(3 * (2 * 10 + 2 * 2 + 2) + 10 * 2 + 10);
  expect(() => network(64, 16)).not.toThrow();
  expect(() => network(65, 16)).toThrow('The network has 65 layers, and at most 64 are possible');
  expect(() => network(64, 4096)).toThrow(/would have 6,\d+,\d+,\d+ parameters, and at most 500,000,000/);
});

test('a tied output whose embedding has another width is refused', () => {
  expect(() => network(1, 8, { tied: true, embedding: 8 })).not.toThrow();
  expect(() => network(1, 8, { tied: true, embedding: 6 })).toThrow(
    /as wide as the last layer: set `model.embedding` to 8/,
  );
});

test('what a training takes is compared with what the engine and the machine have', () => {
  const adam = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 } as const;
  const built = network(1, 512);
  const bytes = 4 * 10 * countParameters(built);
  expect(() => checkMemory(built, adam, bytes)).not.toThrow();
  expect(() => checkMemory(built, adam, bytes - 1)).toThrow(
    /take 0\.0 GB, and this machine has 0\.0 GB. Take fewer/,
  );
  expect(() => checkMemory(network(4, 4096), adam, Infinity)).toThrow(/the engine has 4\.3 GB for them/);
});
