// Checks what the compiled engine keeps in memory, and what it does where there are no threads or no SIMD.
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test, vi } from 'vitest';
import { startWasm } from '../../../src/backend/wasm/engine.ts';
import type { WasmNetwork } from '../../../src/backend/wasm/network.ts';
import { readKernels } from '../../kernels/modules.ts';
import { builtin, network, tokens } from '../networks.ts';
import { checkAgainstReference, engine, shape, twoParts, update, weightsOf } from './reference.ts';

test('training keeps nothing on the heap of JavaScript', () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const used = () => {
    collect();
    return getHeapStatistics().used_heap_size;
  };
  const architecture = network([builtin('LSTM'), builtin('GRU')]);
  const trained = twoParts.train(architecture, shape, weightsOf(architecture));
  const [x, y] = [tokens(15, 5, 1), tokens(15, 5, 2)];
  const steps = 500;
  // The JavaScript engine's own bookkeeping grows now and then; what a step leaks grows in each round.
  const growth = Array.from({ length: 8 }, () => {
    const before = used();
    for (let step = 0; step < steps; step++) trained.step(x, y, update);
    return (used() - before) / steps;
  });
  expect(Math.min(...growth)).toBeLessThan(4);
});

test('the memory of the kernels does not grow in training, nor when it is evaluated in between', () => {
  const architecture = network([builtin('LSTM')]);
  const trained = engine.train(architecture, shape, weightsOf(architecture)) as WasmNetwork;
  const bytes = trained.memoryBytes;
  for (let step = 0; step < 50; step++) {
    trained.step(tokens(15, 5, step), tokens(15, 5, step + 1), update);
    trained.evaluate(tokens(15, 5, step), tokens(15, 5, step + 1), 1);
  }
  expect(trained.memoryBytes).toBe(bytes);
});

test('where memory cannot be shared, it runs on one thread all the same', async () => {
  vi.stubGlobal('SharedArrayBuffer', undefined);
  try {
    const spawn = vi.fn();
    const alone = (await startWasm({ read: readKernels, threads: 2, spawn }))!;
    checkAgainstReference(network([builtin('LSTM')]), {}, alone);
    expect(spawn).not.toHaveBeenCalled();
  } finally {
    vi.unstubAllGlobals();
  }
});

test('without SIMD there is no engine', async () => {
  const read = async () => Uint8Array.of(0);
  expect(await startWasm({ read, threads: 1, spawn: null })).toBeNull();
});
