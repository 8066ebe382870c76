// Threads do not change a result: whichever thread computes a part of a batch, it is the same bit for bit.
import { expect, test } from 'vitest';
import type { TrainingShape } from '../../../src/backend/engine.ts';
import { startWasm } from '../../../src/backend/wasm/engine.ts';
import type { Spawn, TeamSetup } from '../../../src/backend/wasm/setup.ts';
import { spawnFrom } from '../../../src/platform/node/spawn.ts';
import { initialWeights } from '../../../src/tape/parameters.ts';
import { readKernels } from '../../kernels/modules.ts';
import { builtin, network, tokens } from '../networks.ts';

const shape: TrainingShape = {
  batch: 5,
  steps: 6,
  optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay: 0 },
  dropout: 0.2,
  seed: 4,
};
const update = { learningRate: 0.01, clip: 0.5, l1: 1e-4, l2: 1e-4, carry: 6 };
const architecture = network([builtin('LSTM'), builtin('GRU')], { inputs: 9, outputs: 9 });

/** Trains for some steps, once `ready` resolves because the threads have started. */
async function train(threads: number, spawn: Spawn | null, ready: () => Promise<void> = async () => {}) {
  const engine = (await startWasm({ read: readKernels, threads, spawn }))!;
  const trained = engine.train(architecture, shape, initialWeights(architecture, 1));
  await ready();
  const results = Array.from({ length: 20 }, (_, step) => {
    const targets = tokens(30, 9, step + 50);
    // Only the last two steps of every second window count.
    const y = step % 2 === 0 ? targets : targets.map((token, i) => (i % shape.steps < 4 ? -1 : token));
    return trained.step(tokens(30, 9, step), y, update);
  });
  const loss = trained.evaluate(tokens(5 * 70, 9, 1), tokens(5 * 70, 9, 2), 5);
  results.push(trained.step(tokens(30, 9, 90), tokens(30, 9, 91), update));
  const weights = trained.weights();
  trained.dispose();
  return { results, loss, weights };
}

test.each([2, 3])('%i threads give what one gives that does their parts', async (threads) => {
  const alone = await train(threads, null);
  const start = spawnFrom(new URL('../../../src/platform/node/kernelThread.ts', import.meta.url));
  const setups: TeamSetup[] = [];
  const spawn: Spawn = (setup, part) => {
    setups.push(setup);
    return start(setup, part);
  };
  const together = await train(threads, spawn, async () => {
    const [{ memory, control }] = setups;
    // The fourth number of the control block counts the threads that are ready.
    const words = new Int32Array(memory.buffer, control * 4, 4);
    for (let ready = 0; ready < threads - 1; ready = Atomics.load(words, 3))
      await Atomics.waitAsync(words, 3, ready).value;
  });
  expect(together).toEqual(alone);
});

test('the same seed and number of threads give the same run', async () => {
  expect(await train(2, null)).toEqual(await train(2, null));
});
