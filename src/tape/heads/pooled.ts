import { type Graph, type Node, now } from '../graph.ts';
import { everyStep } from './everyStep.ts';
import type { OutputLayer } from './head.ts';

/**
 * Applies the same output layer to the mean of the vectors so far. The sum and the number of steps are states
 * of the network, so that a row may be read in several windows.
 */
export const meanPooled: OutputLayer = {
  ...everyStep,
  lower(graph, x, architecture) {
    const one = graph.add({ kind: 'constant', value: 1 }, [], 1, 'once');
    const sum = running(graph, 'add', x, { key: 'pool.sum', initial: 0 });
    const count = running(graph, 'add', one, { key: 'pool.count', initial: 0 });
    const divisor = graph.add({ kind: 'broadcast' }, [now(count)], x.width, 'step');
    const mean = graph.add({ kind: 'divide' }, [now(sum), now(divisor)], x.width, 'step');
    return everyStep.lower(graph, mean, architecture);
  },
};

/** Applies the same output layer to the largest value of each unit so far. */
export const maxPooled: OutputLayer = {
  ...everyStep,
  lower(graph, x, architecture) {
    const most = running(graph, 'max', x, { key: 'pool.max', initial: Number.NEGATIVE_INFINITY });
    return everyStep.lower(graph, most, architecture);
  },
};

/** Adds a state that accumulates `x`: r[t] = x[t] + r[t-1], or the larger of the two. */
function running(
  graph: Graph,
  kind: 'add' | 'max',
  x: Node,
  { key, initial }: { key: string; initial: number },
): Node {
  // The value that is read back does not exist yet, so a placeholder stands for it until it does.
  const before = graph.add({ kind: 'copy' }, [], x.width, 'step');
  const after = graph.add({ kind }, [now(x), { node: before, lag: 1 }], x.width, 'step');
  before.inputs = [now(after)];
  graph.states.push({ key, node: after, lags: 1, initial: { value: initial }, first: x.width });
  const roots = graph.roots;
  graph.roots = [after];
  graph.replace(before, now(after));
  graph.roots = roots;
  return after;
}
