// Compares the state of the optimisers in the compiled engine with that in the reference, and goes on with it.
import { describe, expect, test } from 'vitest';
import type { Engine, TrainableNetwork } from '../../../src/backend/engine.ts';
import { builtin, cell, network, tokens } from '../networks.ts';
import {
  batch,
  engine,
  optimizers,
  reference,
  shape,
  steps,
  twoParts,
  update,
  weightsOf,
  worstDifference,
} from './reference.ts';

test('what the loss does not depend on has moments of its own all the same', () => {
  // The cell above reads nothing of the layer below.
  const architecture = network([builtin('LSTM'), cell('cell A\n h[t] = tanh(U h[t-1] + b)\n')]);
  const weights = weightsOf(architecture);
  for (const optimizer of optimizers) {
    const [wanted, found] = [reference, engine].map((each) => {
      const trained = each.train(architecture, { ...shape, optimizer }, weights);
      trained.step(tokens(15, 5, 1), tokens(15, 5, 2), update);
      const { moments } = trained.optimizer();
      trained.dispose();
      return moments;
    });
    for (const [index, moment] of wanted.entries())
      for (const [name, { data }] of moment)
        for (const [i, value] of data.entries())
          expect(found[index].get(name)!.data[i]).toBeCloseTo(value, 4);
  }
});

describe('an optimiser goes on where another network’s was', () => {
  const x = tokens(batch * steps, 5, 1);
  const y = tokens(batch * steps, 5, 2);
  /** TensorFlow.js keeps powers of Adam's betas, rounded at every update. */
  const engines: [string, () => Engine, tolerance: number][] = [
    ['compiled', () => engine, 0],
    ['compiled, in two parts', () => twoParts, 0],
    ['TensorFlow.js', () => reference, 1e-5],
  ];

  describe.each(engines)('%s', (_, of, tolerance) => {
    test.each(optimizers)('$kind', (optimizer) => {
      const architecture = network([builtin('GRU')]);
      const weights = weightsOf(architecture);
      const make = () => of().train(architecture, { ...shape, optimizer, dropout: 0.25 }, weights);
      const learn = (network: TrainableNetwork, times: number) => {
        for (let i = 0; i < times; i++) {
          network.reset();
          network.step(x, y, { ...update, learningRate: 0.01 });
        }
        return network.weights();
      };
      const networks = [make(), make(), make()];
      const [first, second, forgetful] = networks;
      const before = learn(first, 3);
      second.load(before, first.optimizer());
      forgetful.load(before);
      const wanted = learn(first, 3);
      const differs = (network: TrainableNetwork) => worstDifference(learn(network, 3), wanted, before);
      expect(differs(second)).toBeLessThanOrEqual(tolerance);
      // Without the optimiser's state, at least the dropout masks differ.
      expect(differs(forgetful)).toBeGreaterThan(1e-3);
      for (const network of networks) network.dispose();
    });
  });
});
