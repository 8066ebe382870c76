import { now } from '../graph.ts';
import type { Prediction } from './head.ts';

/** Predicts one of several tokens or classes, with the cross-entropy as the loss. */
export const categorical: Prediction = {
  expected: (graph, logits) => graph.add({ kind: 'softmax' }, [now(logits)], logits.width, 'step'),
  loss: (graph, logits) => graph.add({ kind: 'crossEntropy' }, [now(logits)], 1, 'step'),
};

/**
 * Predicts numbers, each with a Gaussian of its own: the first half of the outputs are the means, and the second the
 * logarithms of the standard deviations (Nix & Weigend 1994).
 */
export const gaussian: Prediction = {
  expected: (graph, moments) =>
    graph.add({ kind: 'slice', from: 0 }, [now(moments)], moments.width / 2, 'step'),
  loss: (graph, moments) => graph.add({ kind: 'gaussian' }, [now(moments)], 1, 'step'),
};
