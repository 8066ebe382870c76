// The output layer of a network, which all heads share, or the distribution that its last cell gives itself.
import type { Architecture } from '../architecture.ts';
import { type Graph, type Node, now } from '../graph.ts';

/**
 * Whether the last cell's output is the distribution of what comes next. Its logarithms are then the logits,
 * because softmax of the logarithms of a distribution is the distribution.
 */
export const givesDistribution = ({ layers }: Pick<Architecture, 'layers'>): boolean =>
  layers.at(-1)!.cell.distribution;

/** A smaller probability counts as this one, whose logarithm is finite. */
export const leastProbability = 1e-30;

/** Adds the logarithms of a distribution [rows × outputs]. */
export function logarithms(graph: Graph, distribution: Node): Node {
  const { width } = distribution;
  const least = graph.add({ kind: 'constant', value: leastProbability }, [], width, 'once');
  const bounded = graph.add({ kind: 'max' }, [now(distribution), now(least)], width, 'step');
  return graph.add({ kind: 'log' }, [now(bounded)], width, 'step');
}
