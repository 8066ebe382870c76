import type { Graph } from '../graph.ts';

/**
 * Fuses an elementwise product that is only read by one addition: a·b + c in one pass over the block. A
 * product that a later step computes, in the backward pass, moves to the step that reads it, which is safe
 * because beyond the last step both factors are zero.
 */
export function fuseMultiplyAdd(graph: Graph): void {
  const readers = graph.users();
  for (const node of graph.nodes()) {
    if (node.operation.kind !== 'add') continue;
    const index = node.inputs.findIndex(
      ({ node: input, lag }) =>
        input.operation.kind === 'multiply' &&
        input.per === node.per &&
        lag <= 0 &&
        (lag === 0 || input.inputs.every((read) => read.node.per === node.per && read.lag <= 0)) &&
        readers.get(input)!.length === 1,
    );
    if (index < 0) continue;
    const { node: product, lag } = node.inputs[index];
    const factors = product.inputs.map((read) => ({ node: read.node, lag: read.lag + lag }));
    node.operation = { kind: 'multiplyAdd' };
    node.inputs = [...factors, node.inputs[1 - index]];
  }
}
