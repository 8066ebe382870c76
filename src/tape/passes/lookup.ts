import type { Graph } from '../graph.ts';

/** W times a one-hot vector is a column of W: the product becomes a look-up, and its gradient a scatter-add. */
export function lookup(graph: Graph): void {
  for (const node of graph.nodes()) {
    const { operation, inputs } = node;
    if (operation.kind !== 'product' || operation.transposed) continue;
    if (inputs[0].node.operation.kind !== 'oneHot' || inputs[0].lag !== 0) continue;
    node.operation = { kind: 'gather', matrices: operation.matrices, byColumns: true };
    node.inputs = [];
  }
}
