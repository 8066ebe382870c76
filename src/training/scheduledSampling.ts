// Scheduled sampling (Bengio et al. 2015): the decoder reads some of what it has written itself instead of the true
// target, so that it learns to go on after its own mistakes. All steps are sampled at once, from a pass with teacher
// forcing (parallel scheduled sampling, Duckworth et al. 2019), as sampling step by step would take a pass a step.
import type { TrainableNetwork } from '../backend/engine.ts';
import type { Batch } from '../data/dataset.ts';
import { random } from '../tape/random.ts';

/**
 * Returns what the decoder reads, [rows × steps]: each true token after the first is replaced, with a probability, by
 * one that is drawn from what the network expects there.
 * @param share the probability
 */
export function scheduledInputs(
  network: Pick<TrainableNetwork, 'logits'>,
  { x, y, source }: Pick<Batch, 'x' | 'y' | 'source'>,
  rows: number,
  share: number,
  seed: number,
): Int32Array {
  const next = random(seed);
  const steps = x.length / rows;
  const inputs = x.slice();
  network.logits(
    x,
    y,
    rows,
    (at, logits) => {
      const isLast = (at + 1) % steps === 0 || x[at + 1] < 0;
      if (!isLast && next() < share) inputs[at + 1] = draw(logits, next());
    },
    source,
  );
  return inputs;
}

/** Draws an index from the softmax of the logits. */
function draw(logits: Float32Array, uniform: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (const logit of logits) most = Math.max(most, logit);
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - most);
  let rest = uniform * sum;
  for (const [index, logit] of logits.entries()) {
    rest -= Math.exp(logit - most);
    if (rest < 0) return index;
  }
  return logits.length - 1;
}
