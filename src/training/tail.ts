// The last lesson: when a run has ended, and its tail has told how good it is, the tail is learned too. It is what
// stands closest to what is written next.
import type { Architecture, Engine, Weights } from '../backend/engine.ts';
import type { ModelOptions, TrainOptions } from '../language/options.ts';
import type { Corpus } from './corpus.ts';
import { Windows } from './windows.ts';

/** Passes over the tail and as much of the text before it, which must not be forgotten over it. */
const passes = 2;

/** Of the run's learning rate, where its decay has come to by then. */
const rateShare = 0.15;

/** @returns `weights` with the tail learned; as they are where it is too short for one window */
export function learnTail(
  { train, tail }: Corpus,
  architecture: Architecture,
  { dropout }: ModelOptions,
  options: TrainOptions,
  engine: Engine,
  weights: Weights,
): Weights {
  const before = train.subarray(-tail.length);
  const text = new Int32Array(before.length + tail.length);
  text.set(before);
  text.set(tail, before.length);
  const steps = Math.min(options.k1, options.k2);
  const batch = Math.min(options.batch, Math.floor(text.length / (2 * steps + 1)));
  if (batch < 1) return weights;
  const windows = new Windows(text, batch, steps, steps);
  const shape = { batch, steps, optimizer: options.optimizer, dropout, seed: options.seed };
  const network = engine.train(architecture, shape, weights);
  const clip = options.clipping.kind === 'norm' ? options.clipping.threshold : Number.POSITIVE_INFINITY;
  try {
    let sound = true;
    for (let left = passes * windows.windowsPerEpoch; left > 0 && sound; left--) {
      const { x, y, carry, restart } = windows.next();
      if (restart) network.reset();
      const { loss } = network.step(x, y, {
        learningRate: rateShare * options.learningRate,
        clip,
        l1: options.l1,
        l2: options.l2,
        carry,
      });
      sound = Number.isFinite(loss);
    }
    return sound ? network.weights() : weights;
  } finally {
    network.dispose();
  }
}
