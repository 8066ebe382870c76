import { type Graph, type Node, now } from '../graph.ts';
import type { Prediction } from './head.ts';

/** Predicts one of several tokens or classes, with the cross-entropy as the loss. */
export const categorical: Prediction = {
  expected: (graph, logits) => graph.add({ kind: 'softmax' }, [now(logits)], logits.width, 'step'),
  loss: (graph, logits) => graph.add({ kind: 'crossEntropy' }, [now(logits)], 1, 'step'),
  // diag(p) - p pᵀ is the Jacobian of softmax, too.
  curvature: (graph, logits, vector) => {
    const p = graph.add({ kind: 'softmax' }, [now(logits)], logits.width, 'step');
    const product = graph.add({ kind: 'softmaxGradient' }, [now(vector), now(p)], logits.width, 'step');
    return weighted(graph, product);
  },
};

/**
 * Predicts numbers, each with a Gaussian of its own: the first half of the outputs are the means, and the second the
 * logarithms of the standard deviations (Nix & Weigend 1994).
 */
export const gaussian: Prediction = {
  expected: (graph, moments) =>
    graph.add({ kind: 'slice', from: 0 }, [now(moments)], moments.width / 2, 'step'),
  loss: (graph, moments) => graph.add({ kind: 'gaussian' }, [now(moments)], 1, 'step'),
  // The information is 1 / σ² for a mean, and 2 for the logarithm of σ.
  curvature: (graph, moments, vector) => {
    const width = moments.width / 2;
    const part = (node: Node, from: number) => graph.add({ kind: 'slice', from }, [now(node)], width, 'step');
    const times = (node: Node, factor: number) =>
      graph.add(
        { kind: 'multiply' },
        [now(node), now(graph.add({ kind: 'constant', value: factor }, [], width, 'once'))],
        width,
        'step',
      );
    const precision = graph.add({ kind: 'exp' }, [now(times(part(moments, width), -2))], width, 'step');
    const ofMeans = graph.add({ kind: 'multiply' }, [now(part(vector, 0)), now(precision)], width, 'step');
    const parts = [now(ofMeans), now(times(part(vector, width), 2))];
    return weighted(graph, graph.add({ kind: 'join', columns: [0, width] }, parts, moments.width, 'step'));
  },
};

/** Weighs each row by its target. */
function weighted(graph: Graph, node: Node): Node {
  const weight = graph.add({ kind: 'targetWeight' }, [], node.width, 'step');
  return graph.add({ kind: 'multiply' }, [now(node), now(weight)], node.width, 'step');
}
