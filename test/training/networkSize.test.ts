import { expect, test } from 'vitest';
import type { Architecture } from '../../src/backend/engine.ts';
import { startWasm } from '../../src/backend/wasm/engine.ts';
import { builtinCells } from '../../src/cells/index.ts';
import { initialWeights } from '../../src/tape/parameters.ts';
import { random } from '../../src/tape/random.ts';
import { architecture } from '../../src/training/configuration.ts';
import { countParameters, narrowed } from '../../src/training/networkSize.ts';
import { checkMemory } from '../../src/worker/memory.ts';
import { readKernels } from '../kernels/modules.ts';

const adam = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 } as const;

const cells = { GRU: builtinCells.get('GRU')! };
const network = (layers: number, hidden: number, more = {}) =>
  architecture(
    10,
    { embedding: 0, tied: false, ...more, layers: Array(layers).fill({ cell: 'GRU', hidden }) },
    cells,
  );

/** Returns the sentence that a check refuses with. */
function refusal(check: () => void): string {
  try {
    check();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('It was not refused.');
}

test('a network that no engine could hold is refused before anything is made for it', () => {
  expect(countParameters(network(1, 2))).toBe(3 * (2 * 10 + 2 * 2 + 2) + 10 * 2 + 10);
  expect(() => network(64, 16)).not.toThrow();
  expect(() => network(65, 16)).toThrow('The network has 65 layers, and at most 64 are possible');
  const refused =
    /would have 6,\d+,\d+,\d+ parameters, and at most 500,000,000 .*: with 1,100 units in the widest layer/;
  expect(() => network(64, 4096)).toThrow(refused);
  expect(() => network(64, 1100)).not.toThrow();
  expect(() => network(64, 1200)).toThrow('parameters');
});

test('a tied output whose embedding has another width is refused', () => {
  expect(() => network(1, 8, { tied: true, embedding: 8 })).not.toThrow();
  expect(() => network(1, 8, { tied: true, embedding: 6 })).toThrow(
    /as wide as the last layer: set `model.embedding` to 8/,
  );
});

test('what a network takes is compared with what the engine and the machine have', () => {
  const built = network(1, 512);
  const bytes = 4 * 10 * countParameters(built);
  expect(() => checkMemory(built, adam, bytes / 0.75)).not.toThrow();
  expect(() => checkMemory(built, adam, bytes / 0.75 - 2)).toThrow(
    /takes 0\.0 GB with its [\d,]+ parameters, and a training may take 0\.0 GB, three quarters .* would fit: 500 units/,
  );
  const wide = /the engine has 4\.3 GB for it\. What would fit: 3,100 units in the widest layer/;
  expect(() => checkMemory(network(4, 4096), adam, Infinity)).toThrow(wide);
  expect(() => checkMemory(built, adam, 1000)).toThrow(/Take fewer units or layers\.$/);
});

test('what a training takes is planned to the word, and what would fit does, and not much more', async () => {
  const engine = (await startWasm({ read: readKernels, threads: 2, spawn: null }))!;
  const next = random(6);
  const below = (most: number) => 1 + Math.floor(most * next());
  for (let round = 0; round < 12; round++) {
    const tied = round % 4 === 3;
    const hidden = 20 + below(60);
    const built = network(below(3), hidden, tied ? { tied, embedding: hidden } : { embedding: below(8) });
    const shape = { batch: 8 + below(30), steps: 10 + below(40), optimizer: adam, dropout: 0.1, seed: 1 };
    const planned = engine.trainingBytes!(built, shape, null);
    const trained = engine.train(built, shape, initialWeights(built, 1));
    expect(trained.memoryBytes).toBe(65536 * Math.ceil(planned / 65536));
    trained.dispose();

    const total = planned + 4 * 5 * countParameters(built);
    const check = (network: Architecture, machine: number, batch = shape.batch) =>
      checkMemory(network, adam, machine, { engine, shape: { ...shape, batch }, series: null });
    expect(() => check(built, total / 0.75 + 1)).not.toThrow();
    const machine = (0.4 + 0.5 * next()) * (total / 0.75);
    const message = refusal(() => check(built, machine));
    const [, units] = /What would fit: (\d+) units/.exec(message)!.map(Number);
    expect(() => check(narrowed(built, units), machine)).not.toThrow();
    expect(() => check(narrowed(built, Math.ceil(1.15 * units) + 1), machine)).toThrow();
    const batch = Number(/`train.batch` of (\d+)/.exec(message)?.[1] ?? 0);
    if (batch > 0) expect(() => check(built, machine, batch)).not.toThrow();
    expect(() => check(built, machine, batch + 1)).toThrow();
  }
});
