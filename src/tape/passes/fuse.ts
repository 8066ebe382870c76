import type { Graph } from '../graph.ts';

/**
 * A product of vectors that is only added to something is added at once: a·b + c in one pass over the block. One
 * that a later step computes, backwards, moves to where it is needed: beyond the last step both factors are zero.
 */
export function fuseMultiplyAdd(graph: Graph): void {
  const readers = graph.readers();
  for (const node of graph.nodes()) {
    if (node.operation.kind !== 'add') continue;
    const index = node.inputs.findIndex(
      ({ node: input, lag }) =>
        input.operation.kind === 'multiply' &&
        input.per === node.per &&
        lag <= 0 &&
        (lag === 0 || input.inputs.every((read) => read.node.per === 'step' && read.lag <= 0)) &&
        readers.get(input)!.length === 1,
    );
    if (index < 0) continue;
    const { node: product, lag } = node.inputs[index];
    const factors = product.inputs.map((read) => ({ node: read.node, lag: read.lag + lag }));
    node.operation = { kind: 'multiplyAdd' };
    node.inputs = [...factors, node.inputs[1 - index]];
  }
}
