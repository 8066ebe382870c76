// The conditioning of what is computed in a window: how far rounding moves it, whoever computes it.
import type { Weights } from '../../../../src/backend/engine.ts';
import type { ScalarTraining } from '../../../../src/tape/scalar/scalarTraining.ts';
import { runWindow, type Window } from './referenceWindow.ts';
import type { Setting } from './setting.ts';
import type { History, TrueWeights, Truth } from './truth.ts';

/**
 * Returns how far the loss of the last window moves, relative to it, where the weights move by their last digits.
 * @param weights the weights of `truth`, which are as before afterwards
 * @param next returns random numbers from 0 to 1
 */
export function lossRounding(
  truth: Truth,
  weights: TrueWeights,
  setting: Setting,
  windows: readonly Window[],
  loss: number,
  next: () => number,
): number {
  const values = [...weights.values()];
  const kept = values.map((each) => each.slice());
  let most = 0;
  for (let tries = 0; tries < 8; tries++) {
    for (const each of values)
      for (const at of each.keys()) each[at] *= 1 + (next() - 0.5) * 4 * Number.EPSILON;
    let histories: readonly History[] | null = null;
    let moved = loss;
    for (const window of windows) {
      const found = runWindow(truth, setting, window, histories);
      histories = found.ends;
      moved = found.loss;
    }
    const off = Math.abs(moved - loss) / Math.max(1, Math.abs(loss));
    if (!(off <= most)) most = off;
    for (const [at, each] of values.entries()) each.set(kept[at]);
  }
  return most;
}

/**
 * Yields trainings in 32 bits that are to run the next window: one with the states that `exact` has, and one that has rounded
 * its own in the windows before, whose losses may not show how far off their states are.
 * @param single makes a training in 32 bits
 */
export function* roundedTrainings(
  single: () => ScalarTraining,
  exact: ScalarTraining,
  weights: Weights,
  { before, carry }: { readonly before: readonly Window[]; readonly carry: number },
): Generator<ScalarTraining> {
  const now = single();
  now.memory.set(exact.memory);
  yield now;
  const always = single();
  always.load(weights);
  for (const window of before) {
    always.run(window);
    always.carryFrom(carry);
  }
  yield always;
}
